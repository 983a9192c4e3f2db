"""Any history of deliveries, read night by night, gives the figures of one build from everything; so does an oracle."""

import shutil
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest.stage import Ingest
from vocabulary.settings import PROJECT_ROOT, Settings

HEADING = "Sags-id;Mødedato;Område;CPR;Borger;Beboervejleder;Emne;Brobygning;Brobygning til;Samtykke;Minutter;Notat\r\n"
AREAS = ("Ringparken", "Sydbyen", "Motalavej", "Parkvej")
END = date(2024, 6, 30)

rows = st.lists(
    st.tuples(
        st.integers(1, 6),  # the key: the same one may stand twice in a file
        st.integers(0, 364),  # day of the year
        st.sampled_from(AREAS),
        st.booleans(),
        st.sampled_from(["0101609990", "0202609991", ""]),
    ),
    max_size=6,
)
deliveries = st.lists(
    st.tuples(
        st.sampled_from([2022, 2023]),
        st.integers(0, 500),  # delivered so many days after the year began: also before it ended
        st.sampled_from([0, 0, 40]),  # and came into the landing zone so many days late
        rows,
    ),
    min_size=1,
    max_size=5,
)


def content(year: int, sessions: list[tuple]) -> str:
    lines = [
        f"{key};{date(year, 1, 1) + timedelta(days=day):%d-%m-%Y};{area};{person};;;Bolig;"
        f"{'Ja' if bridged else 'Nej'};;{'Ja' if person else 'Nej'};30;\r\n"
        for key, day, area, bridged, person in sessions
    ]
    return HEADING + "".join(lines)


def place(landing: Path, number: int, year: int, on: date, text: str) -> None:
    path = landing / "vejledninger" / on.isoformat() / f"{number}_vejledninger_{year}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8-sig")


def expected_counts(history: list[tuple]) -> Counter:
    """Bridged sessions by area and calendar year, straight from the rule: per year the newest day's files stand."""
    counts: Counter = Counter()
    for year in (2022, 2023):
        own = [(on, number, sessions) for number, (of, on, _, sessions) in enumerate(history) if of == year]
        newest = max((on for on, _, _ in own), default=None)
        standing: dict[int, tuple] = {}
        for on, _, sessions in sorted(own, key=lambda one: one[1]):
            if on == newest:
                standing |= {session[0]: session for session in sessions}
        for _, _, area, bridged, _ in standing.values():
            if bridged and area != "Parkvej":
                counts[area.lower(), year] += 1
                counts["alle_omraader", year] += 1
    return counts


def figures(connection) -> tuple[list, list]:
    order = "order by all"
    return (
        connection.execute(f"select * from confidential.indicator_figure {order}").fetchall(),
        connection.execute(f"select * from confidential.figure_source_full {order}").fetchall(),
    )


@given(deliveries)
@hypothesis_settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
def test_nights_in_turn_equal_one_build_from_everything(build_in_memory, drawn):
    history = [
        (year, date(year, 1, 1) + timedelta(days=after), late, sessions) for year, after, late, sessions in drawn
    ]
    folder = Path(tempfile.mkdtemp())
    try:
        homes = {}
        for name in ("in_turn", "at_once"):
            (folder / name).mkdir()
            homes[name] = Settings.from_environment(home=folder / name / "home", landing=folder / name)
        landed = sorted((on + timedelta(days=late), number) for number, (_, on, late, _) in enumerate(history))
        for night, number in landed:
            year, on, _, sessions = history[number]
            place(folder / "in_turn", number, year, on, content(year, sessions))
            place(folder / "at_once", number, year, on, content(year, sessions))
            ingest = Ingest(homes["in_turn"])
            ingest.read_files(ingest.find_new(night).files)
        ingest = Ingest(homes["at_once"])
        ingest.read_files(ingest.find_new(END).files)
        built = {name: build_in_memory(home, END) for name, home in homes.items()}
        assert figures(built["in_turn"]) == figures(built["at_once"])
        found = built["at_once"].execute(
            "select area_id, year, value from confidential.indicator_figure "
            "where indicator_id = 'brobygningssamtaler' and year_kind = 'calendar' and value > 0"
        )
        assert {(area, year): value for area, year, value in found.fetchall()} == expected_counts(history)
        for connection in built.values():
            connection.close()
    finally:
        shutil.rmtree(folder)


def test_the_histories_use_a_layout_that_the_source_declares():
    assert "Sags-id" in (PROJECT_ROOT / "ingest" / "sources" / "vejledninger.yaml").read_text()
