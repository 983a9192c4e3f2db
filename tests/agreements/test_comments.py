"""Comments as data: what is about a known figure is read, anything else is refused with file, line and key."""

import re
from datetime import date

import pytest

from agreements.comments import read_comments
from agreements.loader import read_agreements
from vocabulary.errors import DefinitionInvalid
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import YearKind

AGREEMENTS = PROJECT_ROOT / "agreements"
README = AGREEMENTS / "comments" / "README.md"


@pytest.fixture
def comments(tmp_path):
    folder = tmp_path / "comments"
    known = read_agreements(AGREEMENTS)

    def read(**files):
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text)
        return read_comments(tmp_path, known)

    return read


@pytest.fixture
def example() -> str:
    """The example of the README, as a user copies it."""
    return re.search(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)[1]


def test_the_example_of_the_readme_is_a_comment(comments, example):
    (one,) = comments(year=example)
    assert (one.indicator, one.year_kind, one.year) == ("brobygningssamtaler", YearKind.AGREEMENT, 2024)
    assert one.by == "chefen for helhedsplanen" and one.written_on == date(2025, 10, 20)


def test_without_an_indicator_it_is_about_the_whole_year(comments, example):
    (one,) = comments(year=re.sub(r"    indicator: .*\n", "", example))
    assert one.indicator is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("indicator: brobygningssamtaler", "indicator: brobygning", r"line 3, comments\.0\.indicator: no indicator"),
        ("agreement: samm", "agreement: x_samm", r"line 2, comments\.0\.agreement: no agreement"),
        ("year_kind: agreement ", "year_kind: aftale ", r"line 4, comments\.0\.year_kind"),
        ("by: chefen", "role: chefen", r"comments\.0\.role: Extra inputs"),
        ("text: Der", 'text: " " # Der', r"comments\.0\.text"),
    ],
)
def test_what_is_about_nothing_is_refused_where_it_stands(comments, example, old, new, told):
    assert old in example
    with pytest.raises(DefinitionInvalid, match=told):
        comments(year=example.replace(old, new))
