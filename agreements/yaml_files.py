"""Read a YAML file into a pydantic model, with errors that name file, line and key."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from vocabulary.errors import DefinitionInvalid
from vocabulary.yaml_loader import LOADER, read_yaml


class Strict(BaseModel):
    """Base of every model that is read from YAML: unknown keys are refused, values don't change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]


class Fault(NamedTuple):
    """What does not hang together, and at which keys of the model."""

    location: Location
    problem: str

    def under(self, *location: int | str) -> "Fault":
        """The same fault, seen from a model further out."""
        return Fault((*location, *self.location), self.problem)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise pydantic's ValidationError with the places of `faults`, if there are any.

    Pydantic keeps these places when the error comes from a validator, so each fault finds its line in the file.
    """
    details = [
        InitErrorDetails(
            type=PydanticCustomError("contradiction", "{problem}", {"problem": fault.problem}),
            loc=fault.location,
            input=None,
        )
        for fault in faults
    ]
    if details:
        raise ValidationError.from_exception_data("definition", details)


def read_model(path: Path, model: type[Model], context: Any = None) -> Model:
    """Parse `path` as `model`, whose validators see `context`.

    Raises DefinitionInvalid for unreadable YAML, a key written twice, an unknown or missing key, or a bad value;
    with several faults it names the first, unknown keys before others, and counts the rest.
    """
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=LOADER)
        document = read_yaml(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        raise DefinitionInvalid(
            file=path.name,
            # the parser may point behind the last line
            line=min(mark.line, text.count("\n")) + 1 if mark else 1,
            key="(file)",
            problem=getattr(error, "problem", None) or str(error),
        ) from None
    _refuse_repeated_keys(path, root)
    try:
        return model.model_validate(document, context=context)
    except ValidationError as error:
        faults = [
            # a key that nobody knows comes first: a misspelt key also shows as one that is missing
            (
                fault["type"] != "extra_forbidden",
                _line_of(root, fault["loc"]),
                ".".join(str(part) for part in fault["loc"]) or "(file)",
                fault["msg"],
            )
            for fault in error.errors(include_url=False, include_input=False)
        ]
        _, line, key, message = min(faults)
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise DefinitionInvalid(file=path.name, line=line, key=key, problem=f"{message}{more}.") from None


def _line_of(node: yaml.Node | None, location: Location) -> int:
    """The 1-based line of the deepest part of `location` that exists in the document."""
    line = node.start_mark.line + 1 if node else 1
    for part in location:
        step = _step(node, part)
        if step is None:
            continue  # pydantic names union members and validators, which are no keys of the file
        key_node, node = step
        if key_node.start_mark.line + 1 < line:
            break  # an alias: what it stands for was written further up
        line = key_node.start_mark.line + 1
    return line


def _step(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _refuse_repeated_keys(path: Path, node: yaml.Node | None) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise DefinitionInvalid(
                    file=path.name, line=key.start_mark.line + 1, key=key.value, problem="the key stands twice"
                )
            seen.add(key.value)
            _refuse_repeated_keys(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(path, item)
