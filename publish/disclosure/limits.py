"""The numbers that disclosure control goes by: limits.yaml."""

from functools import cache
from pathlib import Path

from pydantic import Field

from agreements.yaml_files import Strict, read_model

LIMITS_FILE = Path(__file__).with_name("limits.yaml")


class Limit(Strict):
    """One number and why it is that number."""

    value: int = Field(ge=1)
    because: str


class Limits(Strict):
    """`fewest_…` are the smallest numbers that may be shown, 0 aside; `narrowest_range` and `smallest_move` the
    smallest distances.
    """

    fewest_persons: Limit
    fewest_answers: Limit
    fewest_on_either_side: Limit
    narrowest_range: Limit
    smallest_move: Limit


@cache
def read_limits(path: Path = LIMITS_FILE) -> Limits:
    """Raises DefinitionInvalid with file, line and key."""
    return read_model(path, Limits)
