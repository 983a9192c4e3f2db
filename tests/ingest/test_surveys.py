"""Survey waves: what was asked is kept, and nothing but a known answer is one."""

import pandas as pd
import pyreadstat
import pytest

from agreements.areas import read_areas
from ingest.context import Context
from ingest.descriptor import Descriptor, read_descriptors
from ingest.erasure_list import NOBODY
from ingest.left_out import LeftOut
from vocabulary.settings import PROJECT_ROOT

ANSWERS = {1: "I meget høj grad", 2: "I høj grad", 3: "I nogen grad", 4: "I lav grad", 5: "Slet ikke"}
NO_ANSWERS = {8: "Ved ikke", 9: "Ønsker ikke at svare"}
TRUST = "I hvilken grad har du tillid til politi og myndigheder?"
HEAD = "respondent;boligområde;vægt;tillid_politi_myndigheder;del_af_fællesskab\n"


@pytest.fixture
def sav(tmp_path):
    """sav(answers, …) -> an SPSS file with one case per answer to Q7_TILLID, in Sydbyen and of weight 1."""

    def write(answers, *, labels=None, missing=(), weights=None, weight_missing=(), wording=TRUST):
        path = tmp_path / "wave.sav"
        frame = pd.DataFrame(
            {
                "LBNR": range(1, len(answers) + 1),
                "OMRAADE": 2,
                "VAEGT": weights or [1.0] * len(answers),
                "Q7_TILLID": answers,
                "Q12_FAELLES": 1,
            }
        )
        pyreadstat.write_sav(
            frame,
            path,
            column_labels={"Q7_TILLID": wording, "LBNR": "Løbenummer"},
            variable_value_labels={
                "OMRAADE": {2: "Sydbyen"},
                "Q7_TILLID": ANSWERS | NO_ANSWERS if labels is None else labels,
                "Q12_FAELLES": {1: "Meget enig"},
            },
            missing_ranges={"Q7_TILLID": list(missing), "VAEGT": list(weight_missing)},
        )
        return path.read_bytes()

    return write


def reasons(reading):
    return list(zip(reading.refused["reason_code"], reading.refused["column"], strict=True))


def test_the_wording_of_an_spss_file_is_kept_with_its_answers(read, sav):
    reading = read("tryghedssurvey", "t_2021.sav", sav([1, 2, 9]))
    trust, belonging = reading.questions
    assert (trust.column, trust.heading, trust.wording) == ("tillid", "Q7_TILLID", TRUST)
    assert trust.answers == (*ANSWERS.values(), *NO_ANSWERS.values())
    assert (belonging.heading, belonging.wording, belonging.answers) == ("Q12_FAELLES", None, ("Meget enig",))


def test_a_csv_file_asks_by_its_headings_and_answers_in_the_order_of_the_descriptor(read):
    rows = "1;Sydbyen;1;ved ikke;Helt enig\n2;Sydbyen;1;I HØJ GRAD;\n3;Sydbyen;1;I sær grad;Helt enig\n"
    reading = read("tryghedssurvey", "t_2023.csv", HEAD.replace("del_af", "Del_af") + rows)
    assert [(one.column, one.heading, one.wording, one.answers) for one in reading.questions] == [
        ("tillid", "tillid_politi_myndigheder", None, ("I høj grad", "Ved ikke")),
        ("faellesskab", "Del_af_fællesskab", None, ("Helt enig",)),
    ]


def test_a_wording_that_looks_personal_is_redacted(read, sav):
    content = sav([1], labels={1: "I høj grad", 7: "Ring 12 34 56 78"}, wording="Spørg Bo, 010190-1234, bo@x.dk")
    trust = read("tryghedssurvey", "t_2021.sav", content).questions[0]
    assert trust.wording == "[fjernet]"
    assert trust.answers == ("I høj grad", "[fjernet]")


def test_only_kept_columns_of_codes_are_questions(read):
    head = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
    assert read("vejledninger", "v_2022.csv", head).questions == []


def changed(column, **says):
    """The survey's descriptor with one column said otherwise, as the context of a reading."""
    document = read_descriptors(PROJECT_ROOT / "ingest" / "sources")["tryghedssurvey"].model_dump(by_alias=True)
    document["columns"] |= {column: document["columns"][column] | says}
    return Context(
        Descriptor.model_validate(document),
        read_areas(PROJECT_ROOT / "agreements"),
        None,
        None,
        (),
        LeftOut("x", NOBODY),
    )


def test_a_dropped_column_of_codes_is_no_question(read_in):
    content = (HEAD + "1;Sydbyen;1;I høj grad;Helt enig\n").encode()
    reading = read_in(content, "t_2023.csv", changed("tillid", treatment="drop"))
    assert [one.column for one in reading.questions] == ["faellesskab"]


def test_a_missing_marker_is_blank_and_no_bad_code(read_in):
    content = (HEAD + "1;Sydbyen;1; -;Helt enig\n2;Sydbyen;1;--;Helt enig\n").encode()
    reading = read_in(content, "t_2023.csv", changed("tillid", missing_markers=("-",)))
    assert reading.raw["tillid"].tolist() == [None]
    assert reasons(reading) == [("unknown_code", "tillid")]


@pytest.mark.parametrize(("code", "labels"), [(6, None), (6, {**ANSWERS, 6: "I perfekt grad"}), (2, {1: "I høj grad"})])
def test_a_code_that_nobody_knows_is_quarantined(read, sav, code, labels):
    reading = read("tryghedssurvey", "t_2021.sav", sav([1, code], labels=labels))
    assert reasons(reading) == [("unknown_code", "tillid")] and reading.counts["rows_loaded"] == 1


def test_a_value_declared_as_missing_is_a_known_non_response_or_blank(read, sav):
    labels = {**ANSWERS, **NO_ANSWERS, 7: "Uoplyst"}
    content = sav([1, 7, 8, 9, 99], labels=labels, missing=[{"lo": 7, "hi": 9}, 99])
    reading = read("tryghedssurvey", "t_2021.sav", content)
    assert reading.raw["tillid"].tolist() == ["I meget høj grad", None, "Ved ikke", "Ønsker ikke at svare", None]
    assert reading.counts["values_invalid"] == 0 and reading.refused.empty


def test_a_substantive_answer_declared_as_missing_is_no_answer(read, sav):
    assert read("tryghedssurvey", "t_2021.sav", sav([1, 2], missing=[2])).raw["tillid"].tolist() == [
        "I meget høj grad",
        None,
    ]


def test_a_number_declared_as_missing_never_weighs(read, sav):
    content = sav([1, 1, 1], weights=[1.5, 999.0, 998.0], weight_missing=[{"lo": 998, "hi": 999}])
    reading = read("tryghedssurvey", "t_2021.sav", content)
    assert reading.raw["weight"].tolist() == ["1.5"]
    assert reasons(reading) == [("invalid_number", "weight")] * 2


def test_the_waves_beside_the_checkout_carry_their_wordings(read, shared_deliveries):
    for day, year in (("2019-03-01", 2018), ("2022-03-15", 2021)):
        name = f"tryghedssurvey_{year}.sav"
        content = (shared_deliveries / "landing" / "tryghedssurvey" / day / name).read_bytes()
        questions = {one.column: one for one in read("tryghedssurvey", name, content).questions}
        assert questions["tillid"].wording == TRUST
        assert questions["faellesskab"].answers[:2] == ("Meget enig", "Enig")
