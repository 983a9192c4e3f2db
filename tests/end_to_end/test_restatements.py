"""Nights that would restate final figures, held for a person: with and without Airflow; and a night that is blocked."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cli.demo import sqlite_environment
from nightly.deciding import waiting_build
from nightly.holding import Standing, review
from nightly.night import run_night
from nightly.stages import decide_restatements, publish
from vocabulary.errors import (
    BuildBlocked,
    BuildDecided,
    BuildNotFound,
    BuildNotHeld,
    BuildOvertaken,
    NothingWaits,
    OmraadetalError,
    RestatementsHeld,
    RestatementsRejected,
)
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.builds import Builds
from warehouse.connections import reading
from warehouse.decisions import Decisions, Verdict
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.refusals import Refusals

BIN = Path(sys.executable).parent
ANSWER = Path(__file__).with_name("airflow_answer.py")
HEADING = "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder\n"
REASON = "Foreningen undersøger tallet"


def participants(**by_area: int) -> bytes:
    """One course of 2021 with so many children from each area."""
    areas = [area for area, count in by_area.items() for _ in range(count)]
    lines = [f"Børnedemokrati;D{n};02-08-2010;{a};19-10-2021;11-12-2021;3\n" for n, a in enumerate(areas)]
    return (HEADING + "".join(lines)).encode()


def answers(distrust_weight: int) -> bytes:
    """A wave in which 15 answers of weight 1 trust the authorities, and three of the given weight do not."""
    heading = "respondent;boligområde;vægt;tillid_politi_myndigheder;del_af_fællesskab\n"
    given = [("1", "I høj grad")] * 15 + [(str(distrust_weight), "Slet ikke")] * 3
    lines = [f"{n};Ringparken;{weight};{answer};\n" for n, (weight, answer) in enumerate(given)]
    return (heading + "".join(lines)).encode("utf-8-sig")


DELIVERIES = {
    "forloeb_deltagere/2022-01-20/forloeb_2021.csv": participants(Ringparken=15, Sydbyen=14, Motalavej=2),
    "forloeb_deltagere/2022-03-01/forloeb_2021.csv": participants(Ringparken=19, Sydbyen=14, Motalavej=1),
    "forloeb_deltagere/2022-05-01/forloeb_2021.csv": participants(Ringparken=23, Sydbyen=14, Motalavej=1),
    "tryghedssurvey/2022-05-01/tryghedssurvey_2021.csv": answers(-1),
    "tryghedssurvey/2022-06-01/tryghedssurvey_2021.csv": answers(1),
}


class Nights:
    """One HOME, night after night: what each of them said, and what was in force after it."""

    def __init__(self, folder: Path) -> None:
        landing = folder / "landing"
        for name, content in DELIVERIES.items():
            path = landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, (1, 1))
        # a descriptor that takes any weight: as shipped, a negative one is quarantined
        sources = folder / "sources"
        shutil.copytree(PROJECT_ROOT / "ingest" / "sources", sources)
        survey = sources / "tryghedssurvey.yaml"
        survey.write_text(survey.read_text().replace(", minimum: 0", ""))
        self.environment = os.environ | {"OMRAADETAL_SOURCES": str(sources), "OMRAADETAL_HOLD_RESTATEMENTS": "yes"}
        made = Settings.from_environment(home=folder / "home", landing=landing, hold_restatements=True)
        self.settings = replace(made, sources=sources)
        self.paths = Paths.of(self.settings)

    def run(self, day: date) -> OmraadetalError | None:
        try:
            run_night(self.settings, day)
        except OmraadetalError as error:
            return error
        return None

    def command(self, *arguments: object) -> subprocess.CompletedProcess:
        command = [str(BIN / "omraadetal"), *map(str, arguments), "--home", str(self.paths.home)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def run_in_airflow(self, day: date, option: str, reason: str) -> dict:
        """The DAG of the night, with somebody who answers its question."""
        environment = self.environment | sqlite_environment(self.settings, self.paths)
        environment |= {
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__API_AUTH__JWT_SECRET": "a secret for tests that is long enough to sign with HMAC and SHA-512",
        }
        airflow, quiet = str(BIN / "airflow"), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if not (self.paths.home / "airflow" / "airflow.db").exists():
            subprocess.run([airflow, "db", "migrate"], env=environment, check=True, **quiet)
        conf = json.dumps({"as_of": day.isoformat()})
        night = subprocess.Popen([airflow, "dags", "test", "nightly_load", "--conf", conf], env=environment, **quiet)
        try:
            command = [sys.executable, str(ANSWER), day.isoformat(), option, reason]
            answered = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False, timeout=1500
            )
            assert "RESULT" in answered.stdout, answered.stderr[-3000:]
            night.wait(timeout=60)
        finally:
            night.kill()
        return json.loads(answered.stdout.split("RESULT")[1].splitlines()[0])

    def demo(self, day: date) -> subprocess.CompletedProcess:
        """The DAG of the night, with nobody to answer."""
        return self.command("demo", "--landing", self.settings.landing, "--as-of", day)

    def latest_build(self) -> str:
        return Builds(self.paths).latest().build_id

    def in_force(self) -> dict[str, float | None]:
        """The children of 2021 by area, as published."""
        with reading(self.paths.current.resolve() / PUBLICATION_FILE) as connection:
            return dict(
                connection.execute(
                    "select area_id, value from marts.indicator_by_area_year "
                    "where indicator_id = 'boern_i_boernedemokrati' and year_key = 'calendar-2021'"
                ).fetchall()
            )


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    made = Nights(tmp_path_factory.mktemp("restatements"))
    assert made.run(date(2022, 1, 31)) is None
    return made


@pytest.fixture(scope="module")
def rejected(nights):
    return nights.run_in_airflow(date(2022, 3, 2), "Reject", REASON), nights.latest_build(), nights.in_force()


@pytest.fixture(scope="module")
def kept(nights, rejected):
    return nights.demo(date(2022, 3, 3)), nights.latest_build(), nights.in_force()


@pytest.fixture(scope="module")
def undecided(nights, kept, tmp_path_factory):
    """The HOME as it would be had nobody decided on the build of `kept`; not to be held by the setting."""
    home = tmp_path_factory.mktemp("undecided") / "home"
    shutil.copytree(nights.paths.home, home, ignore=shutil.ignore_patterns("decisions", "airflow"), symlinks=True)
    return replace(nights.settings, home=home, hold_restatements=False)


@pytest.fixture(scope="module")
def approved(nights, kept, undecided):
    return nights.command("approve", kept[1], "--by", "programleder", "--note", "Foreningen står ved tallet")


@pytest.fixture(scope="module")
def blocked(nights, approved):
    return nights.run(date(2022, 5, 2)), nights.latest_build(), nights.in_force()


@pytest.fixture(scope="module")
def approved_in_airflow(nights, blocked):
    return nights.run_in_airflow(date(2022, 6, 2), "Approve", "")


FIRST = {"alle_omraader": 31, "ringparken": 15, "sydbyen": None, "motalavej": None}
SECOND = FIRST | {"alle_omraader": 34, "ringparken": 19}
THIRD = FIRST | {"alle_omraader": 38, "ringparken": 23}


@pytest.mark.airflow
def test_airflow_asks_with_old_and_new_values_and_without_those_of_small_groups(rejected):
    question = rejected[0]["question"]
    assert "Ringparken, 2021: tallet er ændret fra 15 (2022-01-31-" in question and ") til 19." in question
    [hidden] = [line for line in question.splitlines() if "Motalavej" in line]
    assert hidden == (
        "- Børn i forløb om børnedemokrati, Motalavej, 2021: Fundets tal vises ikke af hensyn til fortrolighed."
    )


@pytest.mark.airflow
def test_a_rejection_in_airflow_publishes_nothing_and_records_why(nights, rejected):
    outcome, build_id, in_force = rejected
    assert outcome["tasks"]["approve"] == "success" and outcome["run"] == "success"
    assert outcome["tasks"]["publish"] == outcome["tasks"]["report"] == "skipped"
    assert in_force == FIRST
    decision = Decisions(nights.paths.decisions).on_build(build_id)
    assert (decision.verdict, decision.reason) == (Verdict.REJECTED, REASON)
    assert decision.role == "Anonymous"  # the account of an Airflow that lets everybody in
    changes = {one.area_id: (one.old_value, one.new_value) for one in decision.changes}
    assert changes == {"alle_omraader": (31, 34), "ringparken": (15, 19), "motalavej": (2, 1)}


@pytest.mark.airflow
def test_airflow_passes_on_neither_the_question_nor_the_answer(rejected):
    assert ["check", "return_value"] in rejected[0]["xcoms"]
    assert ["approve", "return_value"] not in rejected[0]["xcoms"]


@pytest.mark.airflow
def test_what_was_rejected_is_not_asked_again(nights, kept):
    done, build_id, in_force = kept
    assert done.returncode == 3 and "by Anonymous" in done.stderr and REASON in done.stderr
    log = (nights.paths.logs / "nightly_load.log").read_text()
    assert "DagRun failed" not in log and "task_id=report" not in log
    with pytest.raises(RestatementsRejected, match=REASON):
        publish(nights.settings, build_id)
    assert in_force == FIRST


@pytest.mark.airflow
def test_a_build_that_was_held_is_held_whatever_the_setting(undecided, kept):
    with pytest.raises(RestatementsHeld, match=r"fra 15 .* til 19") as held:
        publish(undecided, kept[1])
    assert held.value.exit_code == 3 and f"omraadetal approve {kept[1]} --by" in str(held.value)
    assert waiting_build(undecided) == kept[1]


@pytest.mark.airflow
def test_what_was_rejected_can_be_approved_after_all_and_is_published_with_its_report(nights, approved):
    assert approved.returncode == 0, approved.stderr
    report = Path(approved.stdout.split("report:")[1].strip())
    assert report.exists() and report.is_relative_to(nights.paths.publications)
    with reading(report.parents[1] / PUBLICATION_FILE) as connection:
        flags = connection.execute(
            "select area_id, observed, expected from quality.flag where flag_code = 'restated' order by 1"
        ).fetchall()
    assert flags == [("alle_omraader", "34", "31"), ("motalavej", None, None), ("ringparken", "19", "15")]


@pytest.mark.airflow
def test_a_blocked_night_publishes_nothing_and_is_not_asked_about(blocked):
    error, _, in_force = blocked
    assert isinstance(error, BuildBlocked) and error.exit_code == 3
    assert in_force == SECOND


@pytest.mark.airflow
def test_other_values_are_asked_about_and_an_approval_in_airflow_publishes(nights, approved_in_airflow):
    question = approved_in_airflow["question"]
    assert "Ringparken, 2021: tallet er ændret fra 19 (2022-03-03-" in question and "Motalavej" not in question
    assert approved_in_airflow["tasks"].pop("tell_blocked") == "skipped"
    assert set(approved_in_airflow["tasks"].values()) == {"success"} and approved_in_airflow["run"] == "success"
    assert nights.in_force() == THIRD
    assert Decisions(nights.paths.decisions).all()[-1].reason is None


@pytest.mark.airflow
def test_the_flags_of_a_refused_night_are_still_there_after_a_good_one(nights, blocked, approved_in_airflow):
    [night] = Refusals(nights.paths).all()
    assert night.build_id == blocked[1]
    worst = night.worst_first[0]
    assert (worst.flag_code, worst.area_id, worst.observed) == ("share_out_of_range", "alle_omraader", "125")
    told = nights.command("refused", night.build_id).stdout
    assert told.startswith("blocks share_out_of_range") and "125 procent" in told
    assert f"{night.build_id}  as of 2022-05-02" in nights.command("refused").stdout


@pytest.mark.airflow
def test_a_build_is_decided_on_once_and_while_it_is_in_question(nights, blocked, approved_in_airflow):
    builds = Builds(nights.paths)
    first = builds.newest_first()[-1].build_id
    builds.save(builds.get(blocked[1]).model_copy(update={"is_held": True}))
    says = {"verdict": Verdict.APPROVED, "role": "programleder", "reason": None}
    for build_id, refusal in {
        "no_such_build": BuildNotFound,
        nights.latest_build(): BuildDecided,
        first: BuildNotHeld,
        blocked[1]: BuildOvertaken,
        None: NothingWaits,
    }.items():
        with pytest.raises(refusal):
            decide_restatements(nights.settings, build_id, **says)
    assert [one.verdict for one in Decisions(nights.paths.decisions).all()] == ["rejected", "approved", "approved"]


@pytest.mark.airflow
def test_a_replay_never_waits(undecided, kept):
    assert review(undecided, kept[1]).standing is Standing.WAITS
    builds = Builds(Paths.of(undecided))
    builds.save(builds.get(kept[1]).model_copy(update={"as_of": date(2022, 1, 30)}))  # before the one in force
    assert review(undecided, kept[1]).standing is Standing.FREE
