"""What the columns of a source hold, and what may happen to them."""

from typing import Literal

from pydantic import model_validator

from agreements.measures import Identifier
from agreements.yaml_files import Strict

Treatment = Literal["public", "pseudonymise", "drop", "free_text"]

PLACE_TYPES = ("area", "areas", "region")


class Column(Strict):
    """What one canonical column holds and what may happen to it.

    `public` is kept as text, `pseudonymise` becomes a keyed hash, `drop` is read for a derivation at most.
    `free_text` is what somebody typed: nothing of it is kept but, where a layout's `filled` says so, that it is there.
    A column that no descriptor names is never loaded. `grouped` numbers may have a point between thousands; where it is
    false, 1.507 is no number rather than 1507. A `region` is one of the whole country's, kept as delivered; `weight`
    marks the weight of a survey answer. `non_responses` are the codes that stand for no answer: a value that an SPSS
    file declares as missing becomes one of them or blank. `missing_markers` are read as blank.
    """

    treatment: Treatment
    type: Literal["text", "date", "number", "boolean", "code", "area", "areas", "region"] = "text"
    key: bool = False
    required: bool = False
    event_date: bool = False
    weight: bool = False
    consent: Identifier | None = None
    codes: tuple[str, ...] = ()
    non_responses: tuple[str, ...] = ()
    true_values: tuple[str, ...] = ("ja", "j", "x", "1", "true", "sand")
    false_values: tuple[str, ...] = ("nej", "n", "0", "false", "falsk")
    blank_means: bool | None = None
    approximate: bool = False
    minimum: float | None = None
    grouped: bool = True
    missing_markers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_its_treatment(self) -> "Column":
        fields = Column.model_fields.items()
        said = [name for name, one in fields if name != "treatment" and getattr(self, name) != one.get_default()]
        if self.treatment == "free_text" and said:
            raise ValueError(f"free_text is never kept and says nothing else: {', '.join(said)}")
        if self.treatment == "pseudonymise" and self.type != "text":
            raise ValueError("pseudonymise belongs to a column of type «text»")
        return self

    @model_validator(mode="after")
    def _fits_its_type(self) -> "Column":
        if (self.type == "code") != bool(self.codes):
            raise ValueError("codes belong to the type «code», which needs them")
        if self.event_date and self.type != "date":
            raise ValueError("event_date belongs to a column of type «date»")
        if self.weight and self.type != "number":
            raise ValueError("weight belongs to a column of type «number»")
        if set(self.non_responses) - set(self.codes):
            raise ValueError(f"not in codes: {', '.join(sorted(set(self.non_responses) - set(self.codes)))}")
        return self

    @property
    def is_kept(self) -> bool:
        """Whether anything of the column reaches raw Parquet."""
        return self.treatment in ("public", "pseudonymise")

    @property
    def may_name_persons(self) -> bool:
        """Whether its cells are names or ids of persons, to be looked for in what is kept."""
        return self.type == "text" and self.treatment in ("drop", "pseudonymise")


class Age(Strict):
    """Whole years from `birth` to `at`: what is kept of a birth date."""

    birth: Identifier
    at: Identifier
