"""What dbt is given: no secret."""

import sys

import pytest

from nightly import dbt
from vocabulary.errors import DbtFailed
from vocabulary.settings import is_secret


def test_dbt_is_started_without_a_secret(tmp_path, monkeypatch):
    """A command in dbt's place says what it was given, where dbt's own output would stand."""
    teller = tmp_path / "teller"
    teller.write_text(f"#!{sys.executable}\nimport os\nprint(dict(os.environ))\nraise SystemExit(1)\n")
    teller.chmod(0o700)
    monkeypatch.setattr(dbt, "DBT", teller)
    for name in ("OMRAADETAL_PSEUDONYM_KEY", "OMRAADETAL_SMTP_URL", "OMRAADETAL_WEBHOOK_URL", "POSTGRES_PASSWORD"):
        monkeypatch.setenv(name, "hemmeligt, og langt nok til at være en nøgle")
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "hemmeligt")
    monkeypatch.setenv("OMRAADETAL_HOME", str(tmp_path))
    with pytest.raises(DbtFailed):
        dbt.run_dbt("build", duckdb_file=tmp_path / "warehouse.duckdb", selector="tag:build", logs=tmp_path / "logs")
    told = (tmp_path / "logs" / "build" / "output.txt").read_text()
    assert "hemmeligt" not in told and "OMRAADETAL_HOME" in told and "'DO_NOT_TRACK': '1'" in told


def test_how_each_node_ended_is_logged(tmp_path, monkeypatch, caplog):
    """A command in dbt's place that leaves two results."""
    results = [
        {"unique_id": "model.omraadetal.int_figure", "status": "success", "execution_time": 1.25},
        {"unique_id": "test.omraadetal.int_figure_has_one_row_per_grain.5f8bad", "status": "fail", "execution_time": 0},
    ]
    teller = tmp_path / "teller"
    teller.write_text(
        f"#!{sys.executable}\nimport json, sys\nfrom pathlib import Path\n"
        "folder = Path(sys.argv[sys.argv.index('--target-path') + 1])\n"
        f"(folder / 'run_results.json').write_text(json.dumps(dict(results={results!r})))\nraise SystemExit(1)\n"
    )
    teller.chmod(0o700)
    monkeypatch.setattr(dbt, "DBT", teller)
    caplog.set_level("INFO")
    with pytest.raises(DbtFailed, match=r"int_figure_has_one_row_per_grain \(fail\)"):
        dbt.run_dbt("build", duckdb_file=tmp_path / "warehouse.duckdb", selector="tag:build", logs=tmp_path / "logs")
    assert "dbt build: int_figure success, 1.25 s" in caplog.text
    assert "dbt build: int_figure_has_one_row_per_grain fail, 0.00 s" in caplog.text


@pytest.mark.parametrize("name", ["OMRAADETAL_HOME", "OMRAADETAL_KEY_FILE", "PATH", "DBT_PROJECT_DIR"])
def test_an_ordinary_variable_is_no_secret(name):
    assert not is_secret(name)
