"""The key of a flag in SQL: alike in a build, in the journal and in a publication."""

from vocabulary.flags import FLAG_KEY

FLAG_KEY_DEFINITION = ", ".join(f"{name} {'integer' if name == 'year' else 'varchar'}" for name in FLAG_KEY)


def same_flag(one: str, other: str) -> str:
    """The condition that a row of `one` and a row of `other` are the same flag; a blank equals a blank."""
    return " and ".join(f"{one}.{name} is not distinct from {other}.{name}" for name in FLAG_KEY)
