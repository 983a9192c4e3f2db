"""The embedded server: this machine only, a password for everybody, and no trouble with what a crash left."""

import os
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from publish.postgres import programs
from publish.postgres.server import start
from vocabulary.errors import ServerNeedsAnotherUser, ServerNotStarted
from warehouse.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home")


def _ask(url: str, query: str = "select 1") -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def _pid(paths: Paths) -> int:
    return int((paths.postgres / "data" / "postmaster.pid").read_text().split()[0])


def test_nobody_connects_without_the_password(server):
    for url in (server.admin_url, server.bi_url):
        assert _ask(url) == [(1,)]
        for wrong in (None, "", "postgres", "omraadetal", "bi"):
            facts = {**conninfo_to_dict(url), "password": wrong, "passfile": "/nowhere"}
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(make_conninfo(**{key: value for key, value in facts.items() if value is not None}))
    methods = {tuple(row) for row in _ask(server.admin_url, "select type, auth_method from pg_hba_file_rules")}
    assert methods == {("host", "scram-sha-256")}
    stored = _ask(server.admin_url, "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolcanlogin")
    assert stored == [(True,), (True,)]


def test_there_is_no_socket_and_no_other_address(server):
    assert _ask(server.admin_url, "show unix_socket_directories") == [("",)]
    assert _ask(server.admin_url, "show listen_addresses") == [("127.0.0.1",)]
    pid = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    own = {link.readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if "socket:" in str(link.readlink())}
    listening = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]
        if f"socket:[{line.split()[9]}]" in own and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{server.credentials.port:04X}"]


def test_what_is_kept_is_for_its_owner_alone_and_tells_no_password_but_in_one_file(server):
    secrets = (server.credentials.admin_password, server.credentials.bi_password)
    holding = []
    for file in (server.folder, *server.folder.rglob("*")):
        assert not stat.S_IMODE(file.lstat().st_mode) & 0o077, file
        if file.is_file() and any(secret.encode() in file.read_bytes() for secret in secrets):
            holding.append(file.name)
    assert holding == ["connection.json"]
    assert len(set(secrets)) == 2 and min(map(len, secrets)) >= 32
    assert not any(secret in repr(server) for secret in secrets)


def test_the_user_of_bi_tools_may_do_nothing_by_itself(server):
    for statement in (
        "create table own (a int)",
        "create temp table own (a int)",
        "create schema own",
        "select * from pg_authid",
        "select pg_read_file('PG_VERSION')",
        "copy (select 1) to program 'true'",
        "set role omraadetal",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _ask(server.bi_url, statement)
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError):
            _ask(make_conninfo(**{**conninfo_to_dict(server.bi_url), "dbname": other}))


def test_passwords_differ_from_home_to_home(server, paths):
    with start(paths) as other:
        assert other.credentials.admin_password != server.credentials.admin_password
        with pytest.raises(psycopg.OperationalError):
            _ask(make_conninfo(**{**conninfo_to_dict(other.admin_url), "password": server.credentials.admin_password}))


def test_a_second_start_uses_the_running_server_and_does_not_stop_it(paths):
    with start(paths) as first:
        with start(paths) as second:
            assert (second.is_own, second.admin_url) == (False, first.admin_url)
        assert _ask(first.bi_url) == [(1,)]
    with pytest.raises(psycopg.OperationalError):
        _ask(first.bi_url)


def test_the_address_stays_while_the_port_is_free_and_moves_when_it_is_not(paths):
    with start(paths) as server:
        address = server.bi_url
    with start(paths) as again:
        assert again.bi_url == address
    with socket.create_server(("127.0.0.1", again.credentials.port)), start(paths) as moved:
        assert moved.credentials.port != again.credentials.port
        assert _ask(moved.bi_url) == [(1,)]


def test_a_crash_and_a_process_number_that_another_program_has_now_are_no_obstacle(paths):
    server = start(paths)
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute("create table kept as select 7 as a")
    os.kill(_pid(paths), signal.SIGKILL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            psycopg.connect(server.bi_url).close()
            time.sleep(0.05)
        except psycopg.OperationalError:
            break
    mark = paths.postgres / "data" / "postmaster.pid"
    assert mark.exists()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        lines = mark.read_text().splitlines()
        mark.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with start(paths) as again:
            assert again.is_own and _ask(again.admin_url, "select a from kept") == [(7,)]
        assert stranger.poll() is None
        stranger.kill()


def test_data_of_another_version_is_put_aside(paths, caplog):
    with start(paths):
        pass
    (paths.postgres / "data" / "PG_VERSION").write_text("13\n")
    with start(paths) as server:
        assert _ask(server.bi_url) == [(1,)]
    assert (paths.postgres / "data.13").is_dir()
    assert "13" in caplog.text


def test_a_start_that_fails_names_the_log_and_leaves_nothing_running(paths):
    with start(paths):
        pass
    (paths.postgres / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServerNotStarted, match=r"server\.log"):
        start(paths)
    assert "no_such_setting" in (paths.postgres / "server.log").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become another user")
def test_as_root_without_a_user_namespace_it_is_said(paths, monkeypatch):
    programs._another_user.cache_clear()
    monkeypatch.setattr(programs, "ANOTHER_USER", ("false",))
    try:
        with pytest.raises(ServerNeedsAnotherUser):
            start(paths)
    finally:
        programs._another_user.cache_clear()
