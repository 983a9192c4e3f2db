"""What tests share: settings in a temporary HOME, a landing zone to deliver into, and one night on the samples."""

import logging
import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

os.environ["OMRAADETAL_PSEUDONYM_KEY"] = "a key for tests that is long enough to be one"
os.environ["OMRAADETAL_ERASURES"] = str(Path(tempfile.gettempdir()) / "omraadetal-tests-have-no-erasure-list")

from nightly.night import Night, run_night
from vocabulary.settings import PROJECT_ROOT, Settings

# machines differ and are noisy: no example fails for being slow
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")

SHARED = PROJECT_ROOT.parent / "shared" / "deliveries"


@pytest.fixture(autouse=True)
def logging_is_on():
    """A benchmark that a test ran in this process may have switched it off."""
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A HOME, an empty landing zone and an erasure list of the test's own."""
    (tmp_path / "landing").mkdir()
    monkeypatch.setenv("OMRAADETAL_ERASURES", str(tmp_path / "erasures"))
    return Settings.from_environment(home=tmp_path / "home", landing=tmp_path / "landing")


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in the test's own process, where what takes the place of a reader is met."""
    monkeypatch.setattr("ingest.stage.apart", lambda function, *args, **_: function(*args))


@pytest.fixture
def deliver(settings: Settings) -> Callable[..., Path]:
    """Put a file into the landing zone: deliver("vejledninger", "2023-01-12", "v_2022.csv", text or bytes)."""

    def put(source: str, day: str, name: str, content: str | bytes) -> Path:
        path = Path(settings.landing) / source / day / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (1, 1))  # long ago, so that nobody waits for it to settle
        return path

    return put


@pytest.fixture(scope="session")
def sample_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Night]:
    """One whole night on samples/landing as of 2025-11-01."""
    settings = Settings.from_environment(
        home=tmp_path_factory.mktemp("sample") / "home", landing=PROJECT_ROOT / "samples" / "landing"
    )
    return settings, run_night(settings, date(2025, 11, 1))


@pytest.fixture(scope="session")
def shared_deliveries() -> Path:
    """The deliveries with their truth beside the checkout; absent at a user's."""
    if not SHARED.exists():
        pytest.skip("no ../shared/deliveries beside the checkout")
    return SHARED
