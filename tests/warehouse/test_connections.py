"""Connections download nothing."""

import duckdb
import pytest

from warehouse.connections import reading, writing


@pytest.mark.parametrize("door", [writing, reading])
def test_an_extension_that_is_not_there_is_an_error_and_no_download(tmp_path, door):
    file = tmp_path / "one.duckdb"
    duckdb.connect(str(file)).close()
    with door(file) as connection:
        name = "autoinstall_known_extensions"
        assert connection.execute("select value from duckdb_settings() where name = ?", [name]).fetchall() == [
            ("false",)
        ]
