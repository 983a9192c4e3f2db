"""Every command that a runbook names is one that there is, with the options that it is given."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from cli.app import app
from vocabulary.settings import PROJECT_ROOT

RUNBOOKS = sorted((PROJECT_ROOT / "docs" / "runbooks").glob("*.md"))
BLOCK = re.compile(r"^[ ]*```sh\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(omraadetal [^`]+)`")
LINK = re.compile(r"\]\(([^)#:]+)[^)]*\)")
ROOT = typer.main.get_command(app)


def commands(text: str) -> list[str]:
    """What is typed: lines of shell blocks, continued ones put together, and `omraadetal …` within a sentence."""
    lines = [line.strip() for block in BLOCK.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    typed = [line[line.index("omraadetal ") :] for line in lines if re.match(r"(env .*\s)?omraadetal ", line)]
    return typed + [one.replace("\n", " ") for one in INLINE.findall(text)]


def problem(line: str) -> str | None:
    """What the command line would not understand. A brief mention may leave out arguments, but names no unknown one."""
    words = shlex.split(line, comments=True)[1:]
    command, path = ROOT, ["omraadetal"]
    while words and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return f"{' '.join(path)} has no command {words[0]}"
        path.append(words.pop(0))
        command = command.commands[path[-1]]
    options = {name for one in command.params for name in (*one.opts, *one.secondary_opts) if name.startswith("--")}
    arguments = sum(one.param_type_name == "argument" for one in command.params)
    takes_value = {name for one in command.params if not getattr(one, "is_flag", False) for name in one.opts}
    given = 0
    while words:
        word = words.pop(0)
        if word == ">":
            break
        if not word.startswith("--"):
            given += 1
        elif word.split("=")[0] not in options:
            return f"{' '.join(path)} has no option {word}"
        elif word in takes_value and words:
            words.pop(0)
    return f"{' '.join(path)} takes {arguments} arguments, not {given}" if given > arguments else None


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.stem)
def test_the_commands_of_a_runbook_exist(runbook: Path):
    found = commands(runbook.read_text())
    assert [told for line in found if (told := problem(line))] == []


def test_commands_are_found_at_all():
    assert sum(len(commands(path.read_text())) for path in RUNBOOKS) > 50


@pytest.mark.parametrize(
    "line", ["omraadetal fly", "omraadetal nightly --fast", "omraadetal keys turn", "omraadetal build x", "omraadetal"]
)
def test_what_does_not_exist_is_noticed(line):
    assert problem(line) or line == "omraadetal"


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.stem)
def test_links_of_a_runbook_lead_somewhere(runbook: Path):
    assert [link for link in LINK.findall(runbook.read_text()) if not (runbook.parent / link).exists()] == []


def test_the_index_names_every_runbook():
    named = set(LINK.findall((PROJECT_ROOT / "docs" / "runbooks" / "README.md").read_text()))
    assert named == {path.name for path in RUNBOOKS} - {"README.md"}
