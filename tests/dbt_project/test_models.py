"""dbt's own tests run, and every model has its twin in which every column is described."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from nightly.dbt import run_dbt
from vocabulary.errors import DbtFailed
from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading, writing
from warehouse.paths import PUBLICATION_FILE, Paths

PROJECT = PROJECT_ROOT / "dbt_project"
MODELS = sorted(PROJECT.glob("models/**/*.sql"))


def twin(model: Path) -> dict:
    return yaml.safe_load(model.with_suffix(".yml").read_text())["models"][0]


@pytest.fixture
def warehouse(sample_night, tmp_path) -> Path:
    """A copy of the sample night's build that a test may write to."""
    settings, night = sample_night
    return Path(shutil.copy(Paths.of(settings).warehouse(night.build.build_id), tmp_path))


def test_unit_tests_of_dbt_pass_for_each_of_the_five_indicators(warehouse, tmp_path):
    command = [
        str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "test", "--select", "test_type:unit",
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target", "warehouse",
        "--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=warehouse.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    tests = [
        test
        for path in PROJECT.glob("models/**/*unit_tests.yml")
        for test in yaml.safe_load(path.read_text())["unit_tests"]
    ]
    assert f"PASS={len(tests)} " in done.stdout and len(tests) >= 5


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_every_model_says_its_grain(model):
    assert twin(model)["name"] == model.stem
    assert twin(model)["description"].startswith("One row per")


def test_every_column_is_described_and_none_is_described_that_is_not_there(sample_night):
    settings, night = sample_night
    described = {(m.parent.name, m.stem): {c["name"]: c["description"] for c in twin(m)["columns"]} for m in MODELS}
    found: dict[tuple[str, str], set[str]] = {}
    paths = Paths.of(settings)
    for file in (paths.warehouse(night.build.build_id), night.publication / PUBLICATION_FILE):
        with reading(file) as connection:
            for schema, table, column in connection.execute(
                "select schema_name, table_name, column_name from duckdb_columns()"
            ).fetchall():
                found.setdefault((schema, table), set()).add(column)
    wrong = {
        key: set(columns) ^ found.get(key, set())
        for key, columns in described.items()
        if set(columns) != found.get(key)
    }
    assert wrong == {}
    assert all(text for columns in described.values() for text in columns.values())


def test_a_model_that_fails_is_named_with_its_log(warehouse, tmp_path):
    with writing(warehouse) as connection:
        connection.execute("drop table agreement.condition")
    with pytest.raises(DbtFailed, match=r"int_selection .error."):
        run_dbt("build", duckdb_file=warehouse, selector="tag:build", logs=tmp_path / "logs")
