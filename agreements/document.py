"""The delaftale as it stood on a day, as Danish Markdown in the order of the signed document."""

from collections.abc import Iterable, Iterator
from datetime import date

from agreements.areas import Area, AreaList
from agreements.difference import differences, lines_da
from agreements.living import LivingAgreement, Step
from agreements.model import Agreement, Baseline, Indicator
from agreements.outline import share_da
from agreements.revisions import Revision
from vocabulary.states import ALL_AREAS_ID, AreaLevel
from vocabulary.wording import date_da


def document_da(living: LivingAgreement, areas: AreaList, as_of: date) -> str:
    """The agreement with what was decided by `as_of` and in effect by `as_of`, and what was decided for later."""
    agreement = living.in_force(as_of, as_of).agreement
    lines = [
        *_head(agreement, areas, as_of),
        *("", "## Delmål og indikatorer for indsatsområdet", "", *goal_table(agreement, areas)),
        *_context(agreement),
        *_activities(agreement, areas),
        *("", "## Medarbejderressourcer for indsatsområdet", ""),
        *(f"- {one.position}, {share_da(one)}" for one in agreement.staff),
        *("", "## Sammenhæng med den kommunale indsats i boligområdet", "", agreement.municipal_context),
        *_revision_rule(agreement),
        *_decisions(living, areas, as_of),
    ]
    return "\n".join(lines) + "\n"


def goal_table(agreement: Agreement, areas: AreaList) -> Iterator[str]:
    """The table of the signed document: a row per promised indicator, a goal named in its first row only."""
    municipalities = _municipalities(agreement, areas)
    all_areas = areas.by_id[ALL_AREAS_ID].name if ALL_AREAS_ID in areas.by_id else "samlet set"
    headings = [
        "Delmål",
        f"Indikator<br>{agreement.yearly_rule}",
        f"Baseline {all_areas[:1].lower()}{all_areas[1:]}",
        *(_municipal_name(area) for area in municipalities),
        "Evt. anden baseline",
        "Datakilde",
    ]
    yield _row(headings)
    yield _row(["---"] * len(headings))
    for goal in agreement.goals:
        shown = goal.name
        for indicator in agreement.indicators:
            if indicator.goal != goal.goal_id:
                continue
            named = [ALL_AREAS_ID, *(area.area_id for area in municipalities)]
            others = [area_id for area_id in indicator.areas if area_id not in named]
            yield _row(
                [
                    shown,
                    _promise(indicator),
                    *(_baseline_cell(indicator, [area_id], areas) for area_id in named),
                    _baseline_cell(indicator, others, areas),
                    indicator.data_source,
                ]
            )
            shown = ""


def _head(agreement: Agreement, areas: AreaList, as_of: date) -> Iterator[str]:
    yield f"# {agreement.title}"
    if agreement.is_example:
        yield from ("", "**Eksempel: ingen har underskrevet denne delaftale; dens ord og beslutninger er opdigtede.**")
    yield from ("", f"Som den stod {date_da(as_of)}: det, der var besluttet og trådt i kraft senest den dag.")
    if as_of < agreement.valid_from:
        yield "Delaftalen gjaldt endnu ikke den dag."
    if as_of > agreement.valid_to:
        yield "Delaftalen var udløbet den dag; her står dens sidste ordlyd."
    yield from (
        "",
        f"- Boligsocial indsats: {agreement.programme}",
        f"- Indsatsområde: {agreement.intervention_area}",
        f"- Bilag til: {agreement.parent_agreement}",
        f"- Delaftalen gælder fra - til: {date_da(agreement.valid_from)} – {date_da(agreement.valid_to)}",
        f"- Boligområder: {_names(agreement.areas, areas)}",
        "",
        "## Delaftalens parter",
        "",
        *(f"- {party.name}" for party in agreement.parties),
    )


def _context(agreement: Agreement) -> Iterator[str]:
    found = [one for one in agreement.indicators if one.goal is None]
    if found:
        yield from ("", "### Rammetal", "", "Tal ved siden af delaftalen, uden delmål:", "")
        yield from (f"- {one.name}: {one.definition_da} Kilde: {one.data_source}." for one in found)


def _activities(agreement: Agreement, areas: AreaList) -> Iterator[str]:
    yield from ("", "## Aktiviteter")
    for activity in agreement.activities:
        yield from (
            "",
            f"### {activity.name}",
            "",
            f"- Formål: {activity.purpose}",
            f"- Omfang: {_names(activity.areas, areas)}",
            f"- Målgruppe: {activity.target_group}",
            f"- Ansvar: {activity.responsible}",
        )


def _revision_rule(agreement: Agreement) -> Iterator[str]:
    rule = agreement.revision
    yield from (
        "",
        "## Revision af delaftalen",
        "",
        f"«{rule.quote}»",
        "",
        f"- Indstilles af: {rule.proposed_by}, {rule.cadence}",
        f"- Hastesager: {rule.urgent}",
        f"- Besluttes af: {rule.decided_by}; indføres i {rule.recorded_in}",
        f"- {rule.requested_by}",
    )


def _decisions(living: LivingAgreement, areas: AreaList, as_of: date) -> Iterator[str]:
    steps = list(living.steps(as_of))
    in_force = [step for step in steps if step.revision.effective_from <= as_of]
    standing = {step.revision.revision_id for step in steps}
    replaced = [one for one in living.known(as_of) if one.revision_id not in standing]
    yield from ("", "## Vedtagne ændringer, der gælder", *_steps(in_force, areas))
    yield from (
        "",
        "## Vedtagne ændringer, der endnu ikke gælder",
        *_steps([step for step in steps if step not in in_force], areas),
    )
    if replaced:
        yield from ("", "## Vedtagne ændringer, der er erstattet")
        for one in replaced:
            later = next(other for other in living.known(as_of) if other.replaces == one.revision_id)
            yield from ("", f"### {one.revision_id}", "", *_decision(one), f"- Erstattet af: {later.revision_id}")


def _steps(steps: Iterable[Step], areas: AreaList) -> Iterator[str]:
    empty = True
    for step in steps:
        empty = False
        yield from ("", f"### {step.revision.revision_id}", "", *_decision(step.revision), "- Ændrer:")
        changes = list(lines_da(differences(step.before, step.after, areas)))
        yield from (f"  {line}" for line in changes or ["- ingenting; beslutningen trækker en tidligere tilbage"])
    if empty:
        yield from ("", "Ingen.")


def _decision(revision: Revision) -> Iterator[str]:
    yield f"- Besluttet: {date_da(revision.decided_on)}"
    yield f"- Gælder fra: {date_da(revision.effective_from)}"
    yield f"- Referat: {revision.minutes}"
    yield f"- Begrundelse: {revision.reason}"
    if revision.replaces:
        yield f"- Erstatter: {revision.replaces}"


def _promise(indicator: Indicator) -> str:
    """The words of the promise; a target's own words are the latest, where a revision has changed it."""
    words = indicator.target.quote if indicator.target else indicator.quote or indicator.name
    return f"Akt.nær indikator<br>{words}" if indicator.is_activity_close else words


def _baseline_cell(indicator: Indicator, area_ids: list[str], areas: AreaList) -> str:
    baseline: Baseline | None = indicator.baseline
    said = [cell.quote for cell in indicator.not_measured if cell.area in area_ids]
    if baseline and baseline.area in area_ids:
        said.append(baseline.quote)
        if indicator.expected_update:
            said.append(indicator.expected_update.quote)
    return "<br>".join(said)


def _municipalities(agreement: Agreement, areas: AreaList) -> list[Area]:
    used = {area_id for indicator in agreement.indicators for area_id in indicator.areas}
    return [area for area in areas.areas if area.level is AreaLevel.MUNICIPALITY and area.area_id in used]


def _municipal_name(area: Area) -> str:
    return next((name for name in (area.name, *area.aliases) if "kommune" in name.casefold()), area.name)


def _names(area_ids: Iterable[str], areas: AreaList) -> str:
    return ", ".join(areas.by_id[area_id].name for area_id in area_ids)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
