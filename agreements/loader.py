"""Find and read every delaftale of a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agreements.areas import AREAS_FILE, AreaList, read_areas
from agreements.living import LivingAgreement
from agreements.measures import Measure
from agreements.model import Agreement
from agreements.yaml_files import read_model
from vocabulary.errors import DefinitionInvalid


@dataclass(frozen=True)
class Agreements:
    """Every delaftale in force or past, and the areas they share."""

    areas: AreaList
    agreements: tuple[LivingAgreement, ...]

    def span(self, source_id: str) -> tuple[date, date] | None:
        """First and last day on which any agreement uses the source; None if none does."""
        users = [one.signed for one in self.agreements if source_id in one.signed.sources]
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


def read_agreements(folder: Path) -> Agreements:
    """Read areas.yaml and each agreement (one file, named by its id).

    Raises DefinitionInvalid, also for an area that is in no list and an agreement_id used twice.
    """
    areas = read_areas(folder)
    files = sorted(path for path in folder.glob("*.yaml") if path.name != AREAS_FILE)
    if not files:
        raise DefinitionInvalid(file=str(folder), line=1, key="(folder)", problem="holds no agreement")
    agreements = []
    for path in files:
        agreement = read_model(path, Agreement)
        if agreement.agreement_id != path.stem:
            raise _invalid(path, "agreement_id", f"is «{agreement.agreement_id}», but the file is named {path.stem}")
        unknown = sorted(set(_area_ids(agreement)) - areas.ids)
        if unknown:
            raise _invalid(path, "areas", f"not in {AREAS_FILE}: {', '.join(unknown)}")
        agreements.append(LivingAgreement(agreement))
    return Agreements(areas, tuple(agreements))


def _area_ids(agreement: Agreement) -> Iterable[str]:
    yield from agreement.areas
    for activity in agreement.activities:
        yield from activity.areas
    for indicator in agreement.indicators:
        yield from indicator.areas
        yield from (cell.area for cell in indicator.not_measured)
        if indicator.baseline:
            yield indicator.baseline.area
        if indicator.target:
            yield indicator.target.area


def _invalid(path: Path, key: str, problem: str) -> DefinitionInvalid:
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text.startswith(f"{key}:")), 1)
    return DefinitionInvalid(file=path.name, line=line, key=key, problem=problem)
