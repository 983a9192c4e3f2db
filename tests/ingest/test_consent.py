"""A consent that is withdrawn governs every earlier row of the person, in whatever order the files are read."""

import os
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest.consent import apply_withdrawals
from ingest.stage import Ingest
from vocabulary.settings import Settings

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
CPR = {"bo": "700180-1352", "ida": "610190-1234"}
DAY = date(2025, 11, 1)


def session(number, day, consent, person="bo", area="Sydbyen"):
    return f"{number};{day};{area};{CPR[person]};;LSO;Bolig;;{consent};1,00;\n"


def has_pseudonym(raw):
    return dict(zip(raw["session_id"], [one is not None for one in raw["person"]], strict=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # withdrawn on a later day; blank is no
        ([("1", "05-01-2022", "Ja"), ("2", "06-01-2022", "Nej")], {"1": False, "2": False}),
        ([("1", "05-01-2022", "Ja"), ("2", "06-01-2022", "")], {"1": False, "2": False}),
        # the later row may stand first
        ([("2", "06-01-2022", "Nej"), ("1", "05-01-2022", "Ja")], {"1": False, "2": False}),
        # given again
        ([("1", "05-01-2022", "Nej"), ("2", "06-01-2022", "Ja")], {"1": False, "2": True}),
        ([("1", "05-01-2022", "Ja"), ("2", "06-01-2022", "Nej"), ("3", "07-01-2022", "Ja")], [False, False, True]),
        # of one day the later row counts
        ([("1", "05-01-2022", "Ja"), ("2", "05-01-2022", "Nej"), ("3", "05-01-2022", "Ja")], [False, False, True]),
        # a word that is neither withdraws nothing, and gives none
        ([("1", "05-01-2022", "Ja"), ("2", "06-01-2022", "måske")], {"1": True, "2": False}),
    ],
)
def test_within_a_file(read, rows, expected):
    raw = read("vejledninger", "v_2022.csv", HEAD + "".join(session(*row) for row in rows)).raw
    found = has_pseudonym(raw)
    assert (found if isinstance(expected, dict) else [found[number] for number in "123"]) == expected
    assert len(raw) == len(rows)


def test_nobody_else_loses_a_pseudonym(read):
    text = (
        HEAD + session(1, "05-01-2022", "Ja", "ida") + session(2, "05-01-2022", "Ja") + session(3, "06-01-2022", "Nej")
    )
    assert has_pseudonym(read("vejledninger", "v_2022.csv", text).raw) == {"1": True, "2": False, "3": False}


def test_a_row_that_is_quarantined_for_its_area_still_withdraws(read):
    text = HEAD + session(1, "05-01-2022", "Ja") + session(2, "06-01-2022", "Nej", area="Nørrevang")
    reading = read("vejledninger", "v_2022.csv", text)
    assert has_pseudonym(reading.raw) == {"1": False} and reading.counts["rows_quarantined"] == 1


def ingest_all(settings):
    ingest = Ingest(settings)
    ingest.read_files(ingest.find_new(DAY).files)
    return ingest


def raw_of(ingest):
    """Whether each session of the store has a pseudonym."""
    found = {}
    for record in ingest.ledger.records():
        table = ingest.ledger.store.read_parquet("raw", record.source_id, f"{record.reading_id}.parquet")
        assert table.num_rows == record.rows_loaded
        found |= has_pseudonym(table.to_pandas().astype(object).where(lambda cells: cells.notna(), None))
    return found


def test_across_files_and_only_once(settings, deliver):
    deliver(
        "vejledninger",
        "2023-01-12",
        "v_2022.csv",
        HEAD + session(1, "05-01-2022", "Ja") + session(2, "06-01-2022", "Ja", "ida"),
    )
    ingest = ingest_all(settings)
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 0
    deliver(
        "vejledninger",
        "2024-01-12",
        "v_2023.csv",
        HEAD + session(3, "05-01-2023", "Nej") + session(4, "06-01-2023", "Ja"),
    )
    ingest = ingest_all(settings)
    before = ingest.ledger.records()
    assert raw_of(ingest) == {"1": True, "2": True, "3": False, "4": True}
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 1
    assert raw_of(ingest) == {"1": False, "2": True, "3": False, "4": True}
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 0 and ingest.ledger.records() == before


def test_where_nothing_is_new_no_raw_file_is_read(settings, deliver, monkeypatch):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1, "05-01-2022", "Ja"))
    ingest = ingest_all(settings)
    apply_withdrawals(ingest.ledger, ingest.descriptors)
    monkeypatch.setattr(type(ingest.ledger.store), "read_parquet", None)
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 0


def test_a_file_that_is_read_again_is_held_against_the_withdrawals_again(settings, deliver):
    first = deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1, "05-01-2022", "Ja"))
    deliver("vejledninger", "2024-01-12", "v_2023.csv", HEAD + session(3, "05-01-2023", "Nej"))
    ingest = ingest_all(settings)
    apply_withdrawals(ingest.ledger, ingest.descriptors)
    (record,) = [one for one in ingest.ledger.records() if one.file_name == first.name]
    (settings.home / "ledger" / "vejledninger" / record.name).unlink()
    ingest = ingest_all(settings)
    assert raw_of(ingest)["1"] is True
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 1 and raw_of(ingest)["1"] is False


def test_of_one_day_the_later_delivery_counts(settings, deliver):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1, "05-01-2022", "Ja"))
    deliver("vejledninger", "2023-02-12", "v_2022_b.csv", HEAD + session(2, "05-01-2022", "Nej"))
    deliver("vejledninger", "2023-03-12", "v_2022_c.csv", HEAD + session(3, "05-01-2022", "Ja"))
    ingest = ingest_all(settings)
    apply_withdrawals(ingest.ledger, ingest.descriptors)
    assert raw_of(ingest) == {"1": False, "2": False, "3": True}


def test_in_an_object_store(settings, deliver, monkeypatch):
    deliver("vejledninger", "2023-01-12", "v_2022.csv", HEAD + session(1, "05-01-2022", "Ja"))
    deliver("vejledninger", "2024-01-12", "v_2023.csv", HEAD + session(3, "05-01-2023", "Nej"))
    monkeypatch.setenv("OMRAADETAL_STORE", f"memory://{os.getpid()}-consent")
    remote = Settings.from_environment(home=settings.home, landing=settings.landing)
    ingest = ingest_all(remote)
    assert apply_withdrawals(ingest.ledger, ingest.descriptors) == 1
    assert raw_of(ingest) == {"1": False, "3": False}


def test_what_is_kept_of_a_withdrawal_names_nobody(settings, deliver):
    deliver(
        "vejledninger",
        "2023-01-12",
        "v_2022.csv",
        HEAD + session(1, "05-01-2022", "Nej") + session(2, "04-01-2022", ""),
    )
    (record,) = ingest_all(settings).ledger.records()
    table = pq.read_table(settings.home / "withdrawals" / "vejledninger" / f"{record.reading_id}.parquet")
    assert table.num_rows == 1 and table["day"].to_pylist() == ["2022-01-05"]
    assert len(table["pseudonym"][0].as_py()) == 32 and "700180" not in str(table.to_pydict())
    deliver("vejledninger", "2023-01-13", "v_2022.csv", HEAD + session(1, "05-01-2022", "Ja"))
    (_, other) = ingest_all(settings).ledger.records()
    assert not (settings.home / "withdrawals" / "vejledninger" / f"{other.reading_id}.parquet").exists()


rows = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["Ja", "Nej"]), st.sampled_from(list(CPR))), max_size=4)


def expected(files):
    """By the rule, written plainly: no pseudonym for a row up to the person's last row without consent."""
    placed = [
        (day, at, line, consent, person)
        for at, file in enumerate(files)
        for line, (day, consent, person) in enumerate(file)
    ]
    return {
        f"{at}-{line}": consent == "Ja"
        and not any(other == "Nej" and who == person and (d, a, n) >= (day, at, line) for d, a, n, other, who in placed)
        for day, at, line, consent, person in placed
    }


@given(files=st.lists(rows, min_size=1, max_size=3), order=st.randoms(use_true_random=False), stops=st.booleans())
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_order_in_which_files_are_read_does_not_matter(tmp_path_factory, files, order, stops):
    home = tmp_path_factory.mktemp("world")
    landing = home / "landing"
    for at, file in enumerate(files):
        path = landing / "vejledninger" / f"2023-0{at + 1}-01" / f"v_2022_{at}.csv"
        path.parent.mkdir(parents=True)
        days = [f"{date(2022, 1, 1) + timedelta(days=day):%d-%m-%Y}" for day, _, _ in file]
        path.write_text(
            HEAD
            + "".join(
                session(f"{at}-{n}", day, one[1], one[2]) for n, (day, one) in enumerate(zip(days, file, strict=True))
            )
        )
        os.utime(path, (1, 1))
    world = Settings.from_environment(home=home / "home", landing=landing)
    ingest = Ingest(world)
    found = list(ingest.find_new(DAY).files)
    order.shuffle(found)
    for file in found:
        ingest.read_files([file])
        if stops:
            apply_withdrawals(ingest.ledger, ingest.descriptors)
    apply_withdrawals(ingest.ledger, ingest.descriptors)
    assert raw_of(ingest) == expected(files)
    assert Path(world.store).exists()
