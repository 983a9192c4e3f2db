"""The report of 2024/25 by hand, with the figures of the sample deliveries."""

from datetime import date

from publish.report.figures import AreaRow, AreaTable, Cell, Chart, Point, Promise, Status, Tone
from publish.report.model import Caveat, Change, Comment, Decision, Edition, Note, Report, Section, Source
from vocabulary.states import LABELS_DA, ValueState
from vocabulary.wording import number_da

STATES = LABELS_DA["value_state"]
OBSERVED, SUPPRESSED = STATES[ValueState.OBSERVED], STATES[ValueState.SUPPRESSED]
ALL = "Boligområder samlet set"
AREAS = ("Ringparken", "Sydbyen", "Motalavej", ALL)
YEARS = ("2021/22", "2022/23", "2023/24", "2024/25")
WAVES = ("2018", "2021", "2023")

Series = dict[str, tuple[float | None, ...]]
BRIDGED: Series = {
    "Ringparken": (728, 755, 763, 845),
    "Sydbyen": (388, 396, 414, 428),
    "Motalavej": (304, 337, 352, 390),
    ALL: (1420, 1488, 1529, 1663),
}
ACTIVITIES: Series = {
    "Ringparken": (4, 2, 4, 4),
    "Sydbyen": (5, 6, 5, 7),
    "Motalavej": (7, 3, 4, 6),
    ALL: (11, 9, 12, 12),
}
CHILDREN: Series = {
    "Ringparken": (17, None, 7, None),
    "Sydbyen": (9, 7, 4, 6),
    "Motalavej": (7, None, 4, None),
    ALL: (31, 15, 14, 13),
}
Survey = dict[str, tuple[tuple[float, float, float, int], ...]]
TRUST: Survey = {
    "Ringparken": ((58.6, 51.0, 65.7, 186), (62.5, 55.3, 69.1, 204), (64.1, 56.1, 71.4, 161)),
    "Sydbyen": ((61.7, 51.0, 71.4, 92), (65.7, 56.0, 74.3, 109), (62.3, 52.1, 71.4, 99)),
    "Motalavej": ((62.9, 51.6, 72.9, 82), (60.4, 48.9, 70.8, 78), (54.6, 42.8, 66.0, 73)),
    ALL: ((60.3, 54.9, 65.5, 360), (63.0, 57.9, 67.8, 391), (61.4, 55.9, 66.7, 333)),
}
COMMUNITY: Survey = {
    "Ringparken": ((49.9, 42.5, 57.3, 190), (47.3, 40.3, 54.3, 210), (69.9, 62.0, 76.7, 157)),
    "Sydbyen": ((61.8, 51.3, 71.3, 96), (54.6, 44.9, 63.9, 110), (64.6, 54.4, 73.6, 98)),
    "Motalavej": ((42.2, 31.6, 53.7, 79), (51.4, 39.9, 62.9, 74), (57.7, 45.8, 68.8, 73)),
    ALL: ((51.3, 46.0, 56.6, 365), (50.1, 45.0, 55.2, 394), (65.5, 60.0, 70.7, 328)),
}
RESIDENTS: Series = {
    "Ringparken": (1781, 1738, 1712, 1718, 1731),
    "Sydbyen": (1361, 1347, 1330, 1308, 1277),
    "Motalavej": (None, 1047, 1023, 1036, 1030),
    ALL: (None, 4132, 4065, 4062, 4038),
}


def counted(value: float | None, note: str, state: str = SUPPRESSED) -> Cell:
    if value is None:
        return Cell("skjult" if state == SUPPRESSED else state, None, state, note)
    return Cell(number_da(value), float(value), OBSERVED, note)


def share(wave: tuple[float, float, float, int], note: str) -> Cell:
    value, low, high, answers = wave
    detail = f"{number_da(low, 1)}–{number_da(high, 1)}, {answers} svar"
    return Cell(f"{number_da(value, 1)} %", value, OBSERVED, note, detail)


def area_rows(cells: dict[str, tuple[Cell, ...]]) -> tuple[AreaRow, ...]:
    return tuple(AreaRow(area, area == ALL, row) for area, row in cells.items())


def flow(
    indicator_id: str,
    name: str,
    goal: str,
    series: Series,
    target: float,
    note: str,
    *,
    quote: str,
    source: str,
    **said: object,
) -> Section:
    """An indicator counted every year, with a target for each."""
    values = series[ALL]
    reached = values[-1] is not None and values[-1] >= target
    promise = Promise(
        goal, indicator_id, name, ALL, YEARS[-1], counted(values[-1], note), YEARS[-2], counted(values[-2], note),
        None, f"{number_da(target)} om "
              f"året", Status("nået", Tone.GOOD) if reached else Status("ikke nået", Tone.BAD), None,
    )  # fmt: skip
    return Section(
        indicator_id,
        name,
        goal,
        "antal",
        f"{quote}. Opgjort for hvert aftaleår.",
        "1",
        source,
        quote,
        "«Alle indikatorer er årlige opgørelser» er læst sådan, at målet gælder hvert aftaleår.",
        promise,
        Chart(
            f"{name}, {ALL.lower()}",
            "antal",
            tuple(
                Point(year, value, OBSERVED if value is not None else SUPPRESSED, target=target)
                for year, value in zip(YEARS, values, strict=True)
            ),
            f"Kurve over {name.lower()}: " + ", ".join(f"{y} {v}" for y, v in zip(YEARS, values, strict=True)),
        ),
        AreaTable(
            f"{name} efter område",
            "antal",
            YEARS,
            area_rows({area: tuple(counted(value, note) for value in row) for area, row in series.items()}),
        ),
        **said,
    )


def waves(
    indicator_id: str, name: str, goal: str, survey: Survey, note: str, *, quote: str, baseline: float | None = None
) -> Section:
    """An indicator of the survey: a share with its interval in each wave, a break before the last."""
    *_, before, last = survey[ALL]
    promise = Promise(
        goal, indicator_id, name, ALL, WAVES[-1], share(last, note), WAVES[-2], share(before, note),
        f"{number_da(baseline)} % (2018)" if baseline else None, None, Status("intet mål", Tone.NEUTRAL),
        "kan ikke sammenlignes" if baseline else "ingen baseline",
    )  # fmt: skip
    broken = Caveat(
        "bemærkning", Tone.NEUTRAL, "Brud i serien", f"{name}, {ALL}, 2023",
        f"{name}, {ALL}, 2023: målt med et andet spørgeskema end før; kan ikke sammenlignes med "
        f"tidligere år.",
        "Læs tallene før og efter bruddet hver for sig.", "Datateamet",
    )  # fmt: skip
    points = {year: wave for year, wave in zip(WAVES, survey[ALL], strict=True)}
    return Section(
        indicator_id,
        name,
        goal,
        "procent",
        "Vægtet andel af de adspurgte, der svarer «meget enig» eller «enig». «Ved ikke» og «Ønsker ikke at "
        "svare» tæller ikke med.",
        "1",
        "Tryghedssurvey VIVE/LBF",
        quote,
        None,
        promise,
        Chart(
            f"{name}, {ALL.lower()}",
            "procent",
            tuple(
                Point(str(year), *points[str(year)][:1], OBSERVED, *points[str(year)][1:3], is_break=year == 2023)
                if str(year) in points
                else Point(str(year), None, STATES[ValueState.NOT_DUE])
                for year in range(2018, 2025)
            ),
            f"{name}: 2018 {survey[ALL][0][0]} procent, 2021 {before[0]} procent, 2023 {last[0]} procent på et "
            f"andet spørgeskema.",
            baseline,
            f"baseline {number_da(baseline)} % (2018)" if baseline else None,
        ),
        AreaTable(
            f"{name} efter område",
            "procent",
            WAVES,
            area_rows({area: tuple(share(wave, note) for wave in row) for area, row in survey.items()}),
            ("2023 er målt med et andet spørgeskema og kan ikke sammenlignes med 2018 og 2021.",),
        ),
        caveats=(broken,),
    )


TRUSTED, INVOLVED = "Beboerne har et positivt syn på myndighederne", "Beboerne engagerer sig lokalt"


def sections() -> tuple[Section, ...]:
    comment = Comment(
        "Vi har haft to beboervejledere mere end planlagt fra april, og Ringparken har fået faste åbningstider "
        "om aftenen. "
        "Det forventer vi at holde fast i.",
        "Leder af helhedsplanen",
        date(2025, 10, 24),
    )
    recounted = Change(
        "brobygningssamtaler", "Brobygningssamtaler i beboervejledningen, Sydbyen, 2023/24",
        counted(409, "b"), counted(414, "b"), "rapporten for 2023/24, godkendt 12. december 2024",
    )  # fmt: skip
    return (
        waves("tillid_til_myndigheder", "Tillid til politi og myndigheder", TRUSTED, TRUST, "a",
              quote="Andel af beboere, der har tillid til politi/myndigheder"),
        flow("brobygningssamtaler", "Brobygningssamtaler i beboervejledningen", TRUSTED, BRIDGED, 1500, "b",
             quote="Der afholdes 1500 brobygningssamtaler i "
                   "beboervejledningen", source="Egen registrering af vejledninger",
             comments=(comment,), changes=(recounted,)),
        waves("oplever_faellesskab", "Oplever at være en del af et fællesskab i boligområdet", INVOLVED, COMMUNITY, "a",
              quote="Andel af beboere, der oplever at være del af et fællesskab i boligområdet", baseline=51),
        flow("stoerre_aktiviteter", "Større aktiviteter med lokale kræfter", INVOLVED, ACTIVITIES, 12, "c",
             quote="Der afholdes 12 større aktiviteter i alt i boligområderne i samarbejde med lokale kræfter",
             source="Egen registrering af aktiviteter"),
        flow("boern_i_boernedemokrati", "Børn i forløb om børnedemokrati", INVOLVED, CHILDREN, 12, "d",
             quote="12 børn deltager i forløb om børnedemokrati", source="Egen registrering af deltagere i forløb"),
    )  # fmt: skip


def residents() -> Section:
    years = ("2020", "2021", "2022", "2023", "2024")
    missing = STATES[ValueState.MISSING]
    return Section(
        "beboertal",
        "Beboere i boligområderne",
        None,
        "personer",
        "Antal beboere i almene boligafdelinger 1. januar.",
        "1",
        "Landsbyggefondens beboerdata",
        None,
        None,
        None,
        Chart(
            f"Beboere, {ALL.lower()}",
            "personer",
            tuple(
                Point(year, value, OBSERVED if value else missing)
                for year, value in zip(years, RESIDENTS[ALL], strict=True)
            ),
            "Beboere i alt: mangler i 2020, 4.132 i 2021, 4.065 i 2022, 4.062 i 2023 og 4.038 i 2024.",
        ),
        AreaTable(
            "Beboere efter område",
            "personer",
            years,
            area_rows({area: tuple(counted(value, "e", missing) for value in row) for area, row in RESIDENTS.items()}),
        ),
    )


def caveats() -> tuple[Caveat, ...]:
    files = [f"vejledninger_{year}.csv (leveret 10. januar {year + 1})" for year in range(2021, 2026)]
    return (
        *(
            Caveat("advarsel", Tone.OPEN, "Rækker kunne ikke bruges", "Vejledninger",
                   f"{file}: {7 - index} af {477 + 3 * index} rækker kunne ikke bruges (forkert antal felter: "
                   f"2, ugyldig dato: 1).",
                   "Ret rækkerne, og lever filen igen.", "Den, der leverer tallene")
            for index, file in enumerate(files)
        ),
        *(
            Caveat("advarsel", Tone.OPEN, "Tal mangler", f"Beboere i boligområderne, {area}, 2020",
                   f"Beboere i boligområderne, {area}, 2020: tallet mangler. Det skulle foreligge senest 14. "
                   f"februar 2021.",
                   "Bed kilden om leverancen. Kommer tallet aldrig, må bestyrelsen tage "
                   "stilling.", "Den, der leverer tallene")
            for area in ("Motalavej", ALL)
        ),
        Caveat("advarsel", Tone.OPEN, "Ventet opdatering er ikke kommet", "Oplever at være en del af et "
        "fællesskab i boligområdet",
               "Oplever at være en del af et fællesskab i boligområdet: aftalen siger «Forventes opdateret "
               "efterår ´21», senest "
               "30. november 2021. Opdateringen er ikke kommet.",
               "Forelæg opdateringen for bestyrelsen, og før den ind i aftalen som en "
               "revision.", "Leder af helhedsplanen"),
        *(caveat for section in sections() for caveat in section.caveats),
        Caveat("bemærkning", Tone.NEUTRAL, "Leveret efter fristen", "Aktiviteter",
               "Aktiviteter.xlsx: leveret 19. januar 2023, 66 dage efter fristen for 2021/22 (14. november 2022).",
               "Aftal en tidligere levering, eller flyt fristen i aftalen.", "Den, der leverer tallene",
               "Kendt til 31. december 2025 (leder af helhedsplanen): filen føres i hånden."),
    )  # fmt: skip


def sample_report() -> Report:
    shown = sections()
    return Report(
        agreement_id="sammenhaengskraft_og_medborgerskab",
        agreement="Delaftale for indsatsområdet Sammenhængskraft og medborgerskab",
        programme="En Fælles Indsats",
        valid_from=date(2021, 10, 1),
        valid_to=date(2025, 9, 30),
        year_kind="agreement",
        year=2024,
        year_label="2024/25",
        year_kind_label="Aftaleår",
        version="1 (vedtaget 1. oktober 2021)",
        as_of=date(2025, 11, 1),
        published_on=date(2025, 11, 2),
        publication_id="2025-11-01-3f9a1c07",
        headline=(
            "Alle tre mål for 2024/25 er nået: brobygningssamtaler, større aktiviteter og børn i forløb om "
            "børnedemokrati.",
            "De to andele fra spørgeskemaet har intet mål. Den seneste bølge (2023) kan ikke sammenlignes med "
            "de tidligere.",
        ),
        promises=tuple(section.promise for section in shown if section.promise),
        sections=shown,
        context=(residents(),),
        caveats=caveats(),
        changes=tuple(change for section in shown for change in section.changes),
        changes_since="rapporten for 2023/24, godkendt 12. december 2024",
        notes=(
            Note("a", "Tryghedssurvey: leveret 3. marts 2019, 14. april 2022 og 20. februar 2024; opgjort."),
            Note("b", "Vejledninger: senest leveret 10. oktober 2025; opgjort."),
            Note("c", "Aktiviteter: senest leveret 14. oktober 2025; opgjort."),
            Note("d", "Deltagere i forløb: senest leveret 10. oktober 2025; opgjort eller skjult af hensyn til "
                      "fortrolighed."),
            Note("e", "Landsbyggefondens beboerdata: senest leveret 1. september 2025; opgjort, 2020 mangler."),
        ),
        sources=(
            Source("Vejledninger", "Helhedsplanens sekretariat", date(2025, 10, 10)),
            Source("Aktiviteter", "Helhedsplanens sekretariat", date(2025, 10, 14)),
            Source("Tryghedssurvey", "VIVE og Landsbyggefonden", date(2024, 2, 20)),
            Source("Beboertal", "Landsbyggefonden", None),
        ),
        decisions=(
            Decision(date(2023, 9, 14), date(2023, 10, 1), "Referat af 14. september 2023, punkt 4",
                     "Fristen for aktiviteter er flyttet, fordi arket føres i hånden.",
                     ("Større aktiviteter: frist 60 dage efter året i stedet for 45",), True),
        ),
        earlier_editions=(Edition(1, "2023/24", "Referat af 12. december 2024, "
                                                "punkt 3", date(2024, 12, 12), "2024-11-30-77aa01be"),),
    )  # fmt: skip
