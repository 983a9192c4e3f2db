"""Data Docs are read offline, and hold counts only."""

import re
from datetime import date

import duckdb
import great_expectations.expectations as gxe

from expectations.checks import Check, Suite
from expectations.data_docs import write_data_docs
from expectations.judge import Judge
from vocabulary.flags import FlagCode

SECRET = 4711.25
SUITE = Suite(
    name="numbers_are_small",
    query=f"select 'i' as indicator_id, {SECRET} as value union all select 'i', 1",
    checks=(
        Check(FlagCode.JUMP, lambda: gxe.ExpectColumnValuesToBeBetween(column="value", max_value=10), observed="value"),
    ),
)
EMPTY = Suite(name="nothing_to_judge", query="select 1 as value where false", checks=SUITE.checks)


def pages(folder):
    judge = Judge(duckdb.connect(), date(2025, 11, 1))
    (finding,) = judge.findings([SUITE, EMPTY])
    assert finding.facts["value"] == SECRET
    index = write_data_docs(judge.context, folder / "docs", date(2025, 11, 1), judge.without_facts)
    return index, {path: path.read_text() for path in index.parent.rglob("*.html")}


def test_the_pages_tell_counts_and_no_value(tmp_path):
    index, texts = pages(tmp_path)
    assert not [path for path, text in texts.items() if "4711" in text or "fingerprint" in text]
    row = re.search(r"numbers_are_small</a>.*?</tr>", texts[index], re.S)[0]
    assert "0 of 1" in row and ">1</td>" in row
    assert "nothing_to_judge" in texts[index]


def test_the_pages_load_nothing_from_elsewhere_and_run_no_script(tmp_path):
    index, texts = pages(tmp_path)
    assert len(texts) > 2
    for path, text in texts.items():
        assert "http:" not in text and "https:" not in text and "<script" not in text, path
        assert "default-src 'none'" in text, path
    links = re.findall(r'<a href="([^"#]+)"', texts[index])
    assert links and all((index.parent / link).is_file() for link in links)
