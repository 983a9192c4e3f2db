"""What follows a publication: done where it can be, told where it can't, never a reason to undo what is published."""

import shutil
from dataclasses import replace

import psycopg
import pytest

from nightly.following import follow
from nightly.serving import load_postgres
from publish.postgres.server import start
from publish.report import fonts
from vocabulary.errors import FontsMissing, PostgresUnreachable
from warehouse.paths import Paths, swap_link


@pytest.fixture
def copied(sample_night, tmp_path):
    """Settings of a copy of the sample HOME, and its publication in force."""
    settings, night = sample_night
    home = tmp_path / "home"
    for name in ("publications", "published", "journal"):
        shutil.copytree(settings.home / name, home / name, symlinks=True)
    folder = home / "publications" / night.publication.name
    for name in ("report", "csv", "excel"):
        shutil.rmtree(folder / name)
    return replace(settings, home=home, store=str(home)), folder


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with start(Paths(tmp_path_factory.mktemp("postgres"))) as running:
        yield running


def test_everything_that_can_be_done_is_done(copied, server):
    settings, folder = copied
    told = []
    followed = follow(replace(settings, postgres_url=server.admin_url), folder, told.append)
    assert followed.undone == [] and followed.report == folder / "report" / "rapport.html"
    assert {path.name for path in (folder / "report").iterdir()} == {
        "kvalitet.html",
        "rapport.html",
        "rapport.pdf",
        "rapport.xlsx",
    }
    assert list((folder / "csv").iterdir()) and list((folder / "excel").iterdir())
    with psycopg.connect(server.bi_url) as connection:
        shown = connection.execute("select distinct publication_id from marts.fct_figure").fetchall()
    assert shown == [(folder.name,)] and any(folder.name in line for line in told)
    assert not any("@" in line for line in told), "no address with a password on the screen"


def test_a_database_that_is_away_holds_nothing_back(copied):
    settings, folder = copied
    told = []
    away = replace(settings, postgres_url="postgresql://loader:hemmeligt@127.0.0.1:9/omraadetal")
    followed = follow(away, folder, told.append)
    (undone,) = followed.undone
    assert isinstance(undone, PostgresUnreachable) and undone.exit_code == 4
    assert followed.report.exists() and Paths.of(settings).current.resolve() == folder
    assert "hemmeligt" not in "".join(told)


def test_a_report_without_its_typeface_holds_nothing_back(copied, monkeypatch):
    settings, folder = copied
    monkeypatch.setattr(fonts, "PACKAGE", "a-package-that-is-not-there")
    told = []
    followed = follow(settings, folder, told.append)
    (undone,) = followed.undone
    assert isinstance(undone, FontsMissing) and undone.exit_code == 4
    assert (folder / "report" / "kvalitet.html").exists() and list((folder / "csv").iterdir())
    assert any("pip install --force-reinstall a-package-that-is-not-there" in line for line in told)


def test_a_replay_is_not_loaded_over_what_is_in_force(copied, server):
    settings, folder = copied
    settings = replace(settings, postgres_url=server.admin_url)
    load_postgres(settings, folder)
    replay = settings.home / "replays" / "2024-01-01-00000000"
    shutil.copytree(folder, replay)
    assert "is not in force" in load_postgres(settings, replay)
    assert "already" in load_postgres(settings)


def test_an_earlier_publication_that_is_put_in_force_is_loaded(copied, server):
    settings, folder = copied
    settings = replace(settings, postgres_url=server.admin_url)
    other = folder.with_name("2025-10-31-0000000a")
    shutil.copytree(folder, other)
    record = (other / "publication.json").read_text().replace(folder.name, other.name)
    (other / "publication.json").write_text(record)
    load_postgres(settings)
    swap_link(Paths.of(settings).current, other)
    assert other.name in load_postgres(settings)
    with psycopg.connect(server.admin_url) as connection:
        assert connection.execute("select publication_id from omraadetal.publication").fetchall() == [(other.name,)]
