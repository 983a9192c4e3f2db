"""Find and read every delaftale of a folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agreements.adoption import AgreementFile
from agreements.areas import AREAS_FILE, AreaList, read_areas
from agreements.contradictions import Known
from agreements.living import LivingAgreement
from agreements.measures import Measure
from agreements.yaml_files import read_model
from vocabulary.errors import AgreementNotFound, DefinitionInvalid


@dataclass(frozen=True)
class Agreements:
    """Every delaftale in force or past, and the areas they share."""

    areas: AreaList
    agreements: tuple[LivingAgreement, ...]

    def span(self, source_id: str) -> tuple[date, date] | None:
        """First and last day of the agreements that use the source in any version; None if none does.

        The whole agreement counts, also where only a revision brings the source in: what was delivered before that day
        is read once, and a later decision may reach back to it.
        """
        users = [one.signed for one in self.agreements if source_id in one.sources]
        if not users:
            return None
        return min(user.valid_from for user in users), max(user.valid_to for user in users)

    def measures(self, known_on: date) -> list[Measure]:
        """Every measure of every version of every agreement, as decided by `known_on`."""
        return [
            measure
            for living in self.agreements
            for version in living.versions(known_on)
            for indicator in version.agreement.indicators
            for measure in (indicator.measure, indicator.also_published)
            if measure is not None
        ]

    def find(self, agreement_id: str) -> LivingAgreement:
        """The agreement of that id. Raises AgreementNotFound."""
        found = next((one for one in self.agreements if one.agreement_id == agreement_id), None)
        if found is None:
            known = ", ".join(one.agreement_id for one in self.agreements)
            raise AgreementNotFound(agreement_id=agreement_id, known=known)
        return found


def read_agreements(folder: Path, columns: Mapping[str, frozenset[str]] | None = None) -> Agreements:
    """Read each agreement (one file, named by its id) and areas.yaml, the project's own if the folder has none.

    `columns` are those that each source keeps. Raises DefinitionInvalid for whatever contradicts itself or names what
    is not there, in the text as signed or in a revision.
    """
    areas = read_areas(folder)
    files = sorted(path for path in folder.glob("*.yaml") if path.name != AREAS_FILE)
    if not files:
        raise DefinitionInvalid(file=str(folder), line=1, key="(folder)", problem="holds no agreement")
    agreements = []
    for path in files:
        file = read_model(path, AgreementFile, context=Known(areas, columns))
        if file.agreement_id != path.stem:
            raise _invalid(path, "agreement_id", f"is «{file.agreement_id}», but the file is named {path.stem}")
        agreements.append(file.living)
    return Agreements(areas, tuple(agreements))


def _invalid(path: Path, key: str, problem: str) -> DefinitionInvalid:
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)
    return DefinitionInvalid(file=path.name, line=line, key=key, problem=problem)
