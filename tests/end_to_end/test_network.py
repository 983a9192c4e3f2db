"""A night in a hostile world: no network, and names that are commands. It asks for no connection and resolves no name.

Two witnesses: an audit hook in every Python process, and the system calls of all processes where strace may be used.
The nights through Airflow are watched in test_canaries.py.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from html import escape
from pathlib import Path

import pytest
import yaml

from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths

OMRAADETAL = Path(sys.executable).with_name("omraadetal")
TELLTALE = Path(__file__).with_name("telltale")
WITHOUT_NETWORK = (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"])
STRACE = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg", "-e", "signal=none", "-o"]
OTHER_MACHINE = re.compile(r'sa_family=AF_INET6?, (?!.*(?:inet_addr\("127\.|"::1"))')


def works(command: list[str]) -> bool:
    if not shutil.which(command[0]):
        return False
    return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def cut_off():
    """The words that start a program in a namespace with no interface but a loopback that is down."""
    words = next(filter(works, WITHOUT_NETWORK), None)
    if words is None:
        pytest.skip("no namespace without a network may be made here")
    return words


@pytest.fixture(scope="module")
def watched_in():
    """watched_in(folder, command) runs it: what it did, and its attempts to reach another machine by witness."""

    def run(folder, command, prefix=(), **more):
        told, calls = folder / "told.txt", folder / "calls.txt"
        strace = [*STRACE, str(calls)] if works([*STRACE, str(calls)]) else []
        environment = {**os.environ, "PYTHONPATH": str(TELLTALE), "NETWORK_ATTEMPTS": str(told), **more}
        done = subprocess.run(
            [*prefix, *strace, *map(str, command)], env=environment, capture_output=True, text=True, check=False
        )
        traced = calls.read_text().splitlines() if strace else []
        found = [line for line in traced if OTHER_MACHINE.search(line)]
        return done, told.read_text().splitlines() if told.exists() else [], found if strace else None

    return run


@pytest.fixture
def watched(watched_in, tmp_path):
    return partial(watched_in, tmp_path)


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))",
        "import socket; socket.getaddrinfo('192.0.2.1', 9)[0]; "
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
    ],
)
def test_the_witnesses_see_an_attempt(watched, program):
    _, told, calls = watched([sys.executable, "-c", program])
    assert told and "192.0.2.1" in told[0]
    assert calls is None or "192.0.2.1" in calls[0]


def test_the_witnesses_pass_over_what_stays_on_this_machine(watched):
    program = "import socket; socket.getaddrinfo('localhost', 9); "
    program += "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    done, told, calls = watched([sys.executable, "-c", program])
    assert done.returncode == 0 and not told and not calls


COMMAND = "'); drop table raw.record; --"
HOSTILE_NAMES = {
    "vejledninger_2021.csv": f"vejledninger_2021{COMMAND}.csv",
    "Vejledninger 2023.csv": 'Vejledninger 2023 {{ 7 * 7 }} {0} %s "x".csv',
    "forloeb_2021.csv": "forloeb_2021 $(touch owned); `touch owned` .csv",
}
HOSTILE_TITLE = f"Delaftale {COMMAND} {{{{ 7 * 7 }}}} {{x}} <script>alert(1)</script>"


@pytest.fixture(scope="module")
def hostile_night(watched_in, cut_off, tmp_path_factory):
    """The sample night without a network, in a HOME and on deliveries whose names are commands."""
    folder = tmp_path_factory.mktemp("hostile")
    home, landing, agreements = folder / 'o\'hara; {{ 7 * 7 }} "x"', folder / "landing", folder / "agreements"
    shutil.copytree(PROJECT_ROOT / "samples" / "landing", landing)
    shutil.copytree(PROJECT_ROOT / "agreements", agreements)
    for path in [path for path in landing.rglob("*") if path.name in HOSTILE_NAMES]:
        path.rename(path.with_name(HOSTILE_NAMES[path.name]))
    [sessions] = landing.rglob("vejledninger_2022.csv")
    with sessions.open("ab") as file:
        file.write(f"90001;14-03-2022;Ringparken{COMMAND};;;;{COMMAND};;Nej;1;\r\n".encode("cp1252"))
    agreement = agreements / "sammenhaengskraft_og_medborgerskab.yaml"
    lines = agreement.read_text().splitlines(keepends=True)
    title = next(at for at, line in enumerate(lines) if line.startswith("title:"))
    lines[title] = f"title: {json.dumps(HOSTILE_TITLE)}\n"
    agreement.write_text("".join(lines))
    night = [OMRAADETAL, "nightly", "--home", home, "--landing", landing, "--as-of", "2025-11-01"]
    return Paths(home), *watched_in(folder, night, cut_off, OMRAADETAL_AGREEMENTS=str(agreements))


def test_a_night_without_a_network_publishes_and_asks_for_none(hostile_night):
    _, done, told, calls = hostile_night
    assert done.returncode == 0, done.stderr[-3000:]
    assert "rapport.html" in done.stdout
    assert told == [] and not calls


def test_names_that_are_commands_change_no_figure(hostile_night, sample_night):
    def figures(folder):
        with reading(folder / PUBLICATION_FILE) as connection:
            return connection.execute(
                "select * exclude (publication_id, flag_count, worst_severity) from marts.indicator_by_area_year "
                "order by all"
            ).fetchall()

    paths, *_ = hostile_night
    assert figures(paths.current.resolve()) == figures(sample_night[1].publication)
    assert not list(paths.home.parent.rglob("owned"))


def test_words_that_are_markup_or_a_template_are_shown_as_they_are(hostile_night):
    paths, *_ = hostile_night
    page = (paths.current / "report" / "rapport.html").read_text()
    assert escape(HOSTILE_TITLE, quote=False) in unescape_quotes(page) and "<script>alert" not in page


def unescape_quotes(page):
    return page.replace("&#39;", "'").replace("&#34;", '"')


@pytest.mark.parametrize("target", ["warehouse", "omraadetal", "published"])
def test_dbt_downloads_no_extension_and_tells_nobody(target):
    outputs = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "profiles.yml").read_text())["omraadetal"]["outputs"]
    assert outputs[target]["settings"]["autoinstall_known_extensions"] is False
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text())
    assert project["flags"]["send_anonymous_usage_stats"] is False
