"""The real delaftale with revisions appended to its text, the way an operator writes them."""

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from vocabulary.settings import PROJECT_ROOT

AGREEMENT_FILE = "sammenhaengskraft_og_medborgerskab.yaml"


@pytest.fixture
def write_agreement(tmp_path: Path) -> Callable[..., Path]:
    """Write the real areas and agreement into a folder: write_agreement(revisions text, old=new replacements)."""

    def write(revisions: str = "", replacements: dict[str, str] | None = None, keep_rates: bool = False) -> Path:
        for name in ("areas.yaml", AGREEMENT_FILE):
            text = (PROJECT_ROOT / "agreements" / name).read_text()
            text = text if keep_rates else without_rates(text)
            if name == AGREEMENT_FILE:
                for old, new in (replacements or {}).items():
                    assert old in text
                    text = text.replace(old, new)
                text += f"\nrevisions:\n{indent(revisions, '  ')}" if revisions else ""
            (tmp_path / name).write_text(text)
        return tmp_path

    return write


@pytest.fixture
def read_agreement(write_agreement):
    """Read the real agreement with revisions: read_agreement(revisions text)."""
    from agreements.loader import read_agreements

    def read(revisions: str = "", replacements: dict[str, str] | None = None, keep_rates: bool = False):
        return read_agreements(write_agreement(revisions, replacements, keep_rates)).agreements[0]

    return read


def without_rates(text: str) -> str:
    """The agreement without the rates, which would have to go with every indicator that a test takes out."""
    start, end = text.find("\n  # The counts per 100 residents"), text.find("\n  - indicator_id: anmeldte_forbrydelser")
    return text if start < 0 else text[:start] + text[end:]
