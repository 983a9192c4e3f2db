"""What StatBank says of a table (TABLEINFO): its variables and their values, unit, footnote, when it was updated."""

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Answered(BaseModel):
    """Base of what is read from an answer: keys that nobody here asks for may come and go."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Value(Answered):
    """A value of a variable: its code, and its label in the language that was asked for."""

    id: str
    text: str

    @property
    def label(self) -> str:
        """The text without the spaces that StatBank indents some with."""
        return self.text.strip()


class Variable(Answered):
    """`elimination`: StatBank can leave the variable out, by its total or by one of its values."""

    id: str
    text: str
    elimination: bool = False
    time: bool = False
    values: tuple[Value, ...]


class Footnote(Answered):
    text: str


class TableInfo(Answered):
    """One table. `updated` is the moment of its last change, as StatBank writes it.

    `suppressed_data_value` is what stands in a streamed format for a combination without a row.
    """

    id: str
    text: str
    unit: str | None = None
    suppressed_data_value: str | None = Field(default=None, alias="suppressedDataValue")
    updated: str
    active: bool = True
    footnote: Footnote | None = None
    variables: tuple[Variable, ...]

    @model_validator(mode="after")
    def _has_time(self) -> "TableInfo":
        if sum(variable.time for variable in self.variables) != 1:
            raise ValueError("a table has one variable of time")
        return self

    @property
    def time(self) -> Variable:
        return next(variable for variable in self.variables if variable.time)
