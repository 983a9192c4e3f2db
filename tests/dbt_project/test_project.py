"""The dbt project holds together: layers, access, contracts, exposures, and metrics that say what the marts say."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agreements.loader import read_agreements
from publish.publication import DISCLOSED, SCHEMAS
from vocabulary.settings import PROJECT_ROOT
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE

BIN = Path(sys.executable).parent

LAYERS = {
    "staging": {"raw", "ledger", "agreement", "staging"},
    "intermediate": {"staging", "intermediate", "agreement", "ledger", "journal"},
    "confidential": {"staging", "intermediate", "confidential", "agreement", "ledger", "journal"},
    **{public: {*SCHEMAS, DISCLOSED} for public in SCHEMAS},
}
"""Layer -> the layers and sources that its models may read."""


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Path:
    """A copy of the project, parsed: what dbt and mf write beside it stays out of the checkout."""
    folder = tmp_path_factory.mktemp("dbt") / "dbt_project"
    shutil.copytree(PROJECT_ROOT / "dbt_project", folder, ignore=shutil.ignore_patterns("target", "logs"))
    done = _run("dbt", "--no-use-colors", "parse", project=folder, cwd=folder)
    assert done.returncode == 0, done.stdout[-3000:]
    return folder


@pytest.fixture(scope="session")
def manifest(project) -> dict:
    return json.loads((project / "target" / "manifest.json").read_text())


@pytest.fixture(scope="session")
def public_models(manifest) -> dict[str, dict]:
    found = {key: node for key, node in _models(manifest).items() if node["schema"] in SCHEMAS}
    files = [path for schema in SCHEMAS for path in (PROJECT_ROOT / "dbt_project" / "models" / schema).glob("*.sql")]
    assert len(found) == len(files) > 0
    return found


def _run(command: str, *arguments: str, project: Path, cwd: Path) -> subprocess.CompletedProcess:
    env = {**os.environ, "DO_NOT_TRACK": "1", "DBT_PROJECT_DIR": str(project), "DBT_PROFILES_DIR": str(project)}
    return subprocess.run(
        [str(BIN / command), *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def _models(manifest: dict) -> dict[str, dict]:
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def test_each_layer_reads_only_what_it_may(manifest):
    nodes = manifest["nodes"] | manifest["sources"]
    layer = {
        key: node["source_name"] if node["resource_type"] == "source" else node["schema"]
        for key, node in nodes.items()
        if node["resource_type"] in ("model", "source")
    }
    models = _models(manifest)
    assert {node["schema"] for node in models.values()} == set(LAYERS)
    reads = {(key, above) for key, node in models.items() for above in node["depends_on"]["nodes"]}
    assert {f"{key} reads {above}" for key, above in reads if layer[above] not in LAYERS[layer[key]]} == set()
    assert any(layer[above] == DISCLOSED for _, above in reads)


def test_what_stands_before_disclosure_control_is_private(manifest):
    private = {key: node for key, node in _models(manifest).items() if node["schema"] not in SCHEMAS}
    assert len(private) > 0
    assert {(node["config"]["access"], node["config"]["group"]) for node in private.values()} == {
        ("private", "warehouse")
    }


def test_public_models_have_a_group_and_a_contract_with_keys_that_hold(public_models):
    for node in public_models.values():
        name = node["name"]
        assert node["config"]["access"] == "public" and node["config"]["group"] in ("bi", "board"), name
        assert node["config"]["contract"]["enforced"] is True, name
        assert all(column["data_type"] and column["description"] for column in node["columns"].values()), name
        kinds = {constraint["type"] for column in node["columns"].values() for constraint in column["constraints"]}
        assert "not_null" in kinds, f"{name}: no column is promised to be filled"
        assert node["description"].startswith("One row per"), name


def test_the_published_tables_hold_the_keys_that_the_contracts_promise(public_models, sample_night):
    def said(node: dict) -> set[tuple[str, ...]]:
        single = {(key,) for key, column in node["columns"].items() if _has_key(column["constraints"])}
        return single | {tuple(one["columns"]) for one in node["constraints"] if one["type"] == "primary_key"}

    promised = {(node["schema"], node["alias"]): said(node) for node in public_models.values()}
    with reading(sample_night[1].publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select schema_name, table_name, constraint_column_names from duckdb_constraints() "
            "where constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    held = {(schema, table): {tuple(columns)} for schema, table, columns in rows}
    assert held == {table: keys for table, keys in promised.items() if keys}


def _has_key(constraints: list[dict]) -> bool:
    return any(constraint["type"] == "primary_key" for constraint in constraints)


def test_the_versioned_mart_keeps_its_name_and_its_latest_version_is_one_that_exists(public_models):
    versioned = [node for node in public_models.values() if node["version"] is not None]
    assert "indicator_by_area_year" in {node["name"] for node in versioned}
    for node in versioned:
        versions = {one["version"] for one in versioned if one["name"] == node["name"]}
        assert node["latest_version"] in versions
        if node["version"] == 1:
            assert node["alias"] == node["name"], "v1 is what readers know by the model's own name"


def test_a_data_test_of_a_public_model_is_named_by_hand(manifest, public_models):
    tests = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node") in public_models
    ]
    assert len(tests) > 0
    generated = [
        node["name"] for node in tests if node["name"].startswith((f"{node['test_metadata']['name']}_", "source_"))
    ]
    assert generated == []
    assert len({node["name"] for node in tests}) == len(tests)


def test_every_exposure_rests_on_public_models_and_every_public_model_has_a_reader(manifest, public_models):
    exposures = manifest["exposures"]
    assert len(exposures) > 0
    below = {key: set(exposure["depends_on"]["nodes"]) for key, exposure in exposures.items()}
    assert {key: nodes - set(public_models) for key, nodes in below.items() if nodes - set(public_models)} == {}
    assert all(below.values()), "an exposure that rests on nothing"
    assert set().union(*below.values()) == set(public_models)


def test_there_is_a_metric_for_every_indicator_of_the_agreements(manifest, tmp_path):
    agreements = read_agreements(PROJECT_ROOT / "agreements")
    dbt_project, written = PROJECT_ROOT / "dbt_project", tmp_path / "metrics.yml"
    subprocess.run([sys.executable, str(dbt_project / "metrics_by_indicator.py"), str(written)], check=True)
    kept = dbt_project / "models" / "semantic" / "metrics_by_indicator.yml"
    assert kept.read_text(encoding="utf-8") == written.read_text(encoding="utf-8"), "run `make metrics` and commit"
    indicators = {one.indicator_id for agreement in agreements.agreements for one in agreement.signed.indicators}
    assert indicators <= {metric["name"] for metric in manifest["metrics"].values()}


@pytest.fixture
def mf(project, sample_night, tmp_path):
    """Ask the sample publication as a user would; gives the rows as dictionaries of text."""

    def ask(*arguments: str) -> list[dict[str, str]]:
        answer = tmp_path / "answer.csv"
        done = _run(
            "mf", "query", "--quiet", "--csv", str(answer), *arguments,
            project=project, cwd=sample_night[1].publication,
        )  # fmt: skip
        assert done.returncode == 0 and answer.exists(), done.stdout[-3000:] + done.stderr[-3000:]
        with answer.open(newline="") as file:
            return list(csv.DictReader(file))

    return ask


COUNTED = {
    "figures_observed": ("observed",),
    "figures_incomplete": ("incomplete",),
    "figures_missing": ("missing",),
    "figures_suppressed": ("suppressed",),
    "figures_not_due": ("not_due", "not_measured"),
    "figures_due": ("observed", "incomplete", "missing", "suppressed"),
}


def test_mf_answers_as_the_mart_does(mf, sample_night):
    values = ["figure_value", "target_value", "baseline_value", "figure_ci_low", "figure_ci_high"]
    columns = ["value", "target_value", "baseline_value", "ci_low", "ci_high"]
    grain = ["figure__indicator_id", "area", "figure_year", "metric_time__year"]
    rows = mf("--metrics", ",".join(values + list(COUNTED)), "--group-by", ",".join(grain))
    found = {
        tuple(row[name][:4] if name == "metric_time__year" else row[name] for name in grain): (
            [float(row[name]) if row[name] else None for name in values],
            {name: int(row[name]) for name in COUNTED},
        )
        for row in rows
    }
    with reading(sample_night[1].publication / PUBLICATION_FILE) as connection:
        expected = {
            (indicator, area, year_key, str(year)): (
                list(numbers),
                {name: int(state in states) for name, states in COUNTED.items()},
            )
            for indicator, area, year_key, year, state, *numbers in connection.execute(
                f"select indicator_id, area_id, year_key, year, value_state, {', '.join(columns)} "
                "from marts.indicator_by_area_year"
            ).fetchall()
        }
    assert found == expected and len(rows) == len(expected) > 0


def test_a_metric_named_like_an_indicator_is_that_indicator(mf, sample_night):
    with reading(sample_night[1].publication / PUBLICATION_FILE) as connection:
        expected = {
            indicator: dict(
                connection.execute(
                    "select area_id || year_key, value from marts.indicator_by_area_year "
                    "where indicator_id = ? and value is not null",
                    [indicator],
                ).fetchall()
            )
            for (indicator,) in connection.execute("select indicator_id from marts.dim_indicator").fetchall()
        }
    rows = mf("--metrics", ",".join(expected), "--group-by", "area,figure_year")
    found = {
        indicator: {row["area"] + row["figure_year"]: float(row[indicator]) for row in rows if row[indicator]}
        for indicator in expected
    }
    assert found == expected and any(expected.values())


def test_mf_gives_no_figure_where_a_group_holds_several(mf, sample_night):
    rows = mf("--metrics", "figure_value,brobygningssamtaler,figures_count", "--group-by", "figure_year")
    several = [row for row in rows if int(row["figures_count"]) > 1]
    assert several and all(row["figure_value"] == row["brobygningssamtaler"] == "" for row in several)
    with reading(sample_night[1].publication / PUBLICATION_FILE) as connection:
        counts = dict(connection.execute("select year_key, count(*) from marts.fct_figure group by all").fetchall())
        single = dict(
            connection.execute(
                "select year_key, any_value(value) from marts.fct_figure group by all having count(*) = 1"
            ).fetchall()
        )
    assert {row["figure_year"]: int(row["figures_count"]) for row in rows} == counts
    assert {row["figure_year"]: float(row["figure_value"]) for row in rows if row["figure_value"]} == single
