"""What the workbooks say beside the figures, in Danish: how to read them."""

from datetime import date

from vocabulary.states import LABELS_DA, AreaLevel, ValueState, YearKind
from vocabulary.wording import date_da

STATES = {
    ValueState.OBSERVED: "Tallet er opgjort. Et nul er et rigtigt nul.",
    ValueState.INCOMPLETE: "Leverancerne dækker kun en del af perioden. Tallet er værdien af den del.",
    ValueState.MISSING: "Tallet skulle foreligge, men er ikke leveret. Det er ikke nul.",
    ValueState.NOT_DUE: "Tallet ventes ikke endnu, eller der måles ikke i det år.",
    ValueState.NOT_MEASURED: "Delaftalen siger, at tallet ikke opgøres her.",
    ValueState.SUPPRESSED: (
        "Tallet er skjult, fordi for få personer står bag det, eller fordi det ellers kunne regnes ud af andre tal. "
        "Det er ikke nul og må ikke regnes tilbage."
    ),
}
"""What each state means for who reads a figure."""

LEVELS = {AreaLevel.AREA: "område", AreaLevel.ALL_AREAS: "områder samlet set", AreaLevel.MUNICIPALITY: "kommune"}

PIVOT_HINT = (
    "Områder ned, indikatorer hen. Vil du lave din egen pivottabel: stil dig i tabellen på arket Data, vælg Indsæt > "
    "Pivottabel, og slå totaler fra; tal for områder må ikke lægges sammen. "
    "* = kun en del af perioden er leveret. ‡ = kun en del af året ligger i aftaleperioden."
)
IN_A_CELL = {**LABELS_DA["value_state"], ValueState.SUPPRESSED: "skjult"}
"""The word that stands in the cross table where there is no number."""

NO_FIGURE = "–"
"""In the cross table: the agreement promises no such figure."""


def reading_guide(labels: list[str], publication_id: str, as_of: date) -> list[tuple[str, str]]:
    """The lines of the sheet Læsevejledning: subject and text. `labels` are the years the workbook holds."""
    kinds = LABELS_DA["year_kind"]
    return [
        ("Udgave", f"{publication_id}, opgjort pr. {date_da(as_of)}"),
        (
            "År",
            f"Mappen har tallene for {', '.join(labels)}. Et {kinds[YearKind.AGREEMENT]} står i mappen for det år, det "
            f"begynder i. Et {kinds[YearKind.CALENDAR]} og et {kinds[YearKind.AGREEMENT]} overlapper hinanden: læg dem "
            "aldrig sammen.",
        ),
        ("En række", "Arket Data har én række for hver delaftale, indikator, område og år. Ingen række er et gæt."),
        *((LABELS_DA["value_state"][state].capitalize(), text) for state, text in STATES.items()),
        (
            "Lægge sammen",
            "Læg ikke tal for områder sammen. Brug rækken for områderne samlet set: en aktivitet i to områder er én "
            "aktivitet, og andele kan aldrig lægges sammen.",
        ),
        (
            "Sikkerhedsinterval",
            "Nedre og øvre grænse er et 95 %-interval om en andel fra en spørgeskemaundersøgelse. Overlapper to "
            "intervaller, er forskellen næppe sikker.",
        ),
        ("Del af år", "Kun en del af året ligger i aftaleperioden. Sammenlign ikke tallet med et helt år."),
        (
            "Mål og status",
            "Målene gælder boligområderne samlet set og aftaleåret. De er ikke delt ud på områder, og det må de ikke "
            "blive.",
        ),
        (
            "Forbehold",
            "Hvor mange forbehold der er ved tallet, og hvor alvorligt det værste er. Arket Forbehold siger hvilke, "
            "og hvem der skal handle.",
        ),
        (
            "Fortrolighed",
            "Tallene er offentliggjort efter fortrolighedskontrol. Der er ingen personoplysninger i mappen.",
        ),
    ]
