"""The fixed Danish wording of the report: headings, columns, explanations. PDF, HTML and workbook take it from here."""

from vocabulary.states import LABELS_DA, BaselineTrend, TargetStatus, ValueState

QUESTION = "Holder vi, hvad vi lovede?"

HEADINGS = {
    "question": QUESTION,
    "indicators": "Indikatorerne én for én",
    "context": "Rammerne omkring",
    "caveats": "Hvad der mangler, og hvem der skal handle",
    "known": "Kendte forhold",
    "changes": "Ændret siden forrige rapport",
    "agreement": "Aftalen og bestyrelsens beslutninger",
    "editions": "Godkendte udgaver",
    "sources": "Kilder",
    "notes": "Noter",
    "reading": "Sådan læses rapporten",
    "contents": "Indhold",
    "comment": "Kommentar",
    "section_caveats": "Forbehold",
    "section_changes": "Ændret siden forrige rapport",
    "definition": "Definition",
}

COLUMNS = {
    "promises": ("Delmål og indikator", "Baseline", "Forrige tal", "Nyeste tal", "Mål", "Status"),
    "areas": "Område",
    "changes": ("Tal", "Før", "Nu"),
    "sources": ("Kilde", "Leveres af", "Senest leveret"),
    "decisions": ("Besluttet", "Gælder fra", "Beslutning", "Referat"),
    "editions": ("Udgave", "År", "Godkendt", "Referat", "Udgivelse"),
}

EMPTY = {
    "promises": "Aftalen har ingen indikatorer for dette år.",
    "caveats": "Intet mangler, og kontrollen har ikke fundet noget.",
    "changes": "Ingen af rapportens tal er ændret siden en tidligere rapport.",
    "earlier": "Fund om tidligere år er ikke vist her ({count}); de står på siden Datakvalitet.",
    "decisions": "Bestyrelsen har ikke ændret aftalen.",
    "notes": "Rapporten har ingen tal med noter.",
}

NOT_APPROVED = "Foreløbig udgave, ikke godkendt"

_STATES = LABELS_DA["value_state"]
_TARGETS = LABELS_DA["target_status"]
_TRENDS = LABELS_DA["baseline_trend"]

READING: tuple[tuple[str, str], ...] = (
    (
        "Status",
        f"«{_TARGETS[TargetStatus.REACHED].capitalize()}» og «{_TARGETS[TargetStatus.MISSED]}» gælder år, der er "
        f"afsluttet; «{_TARGETS[TargetStatus.ON_TRACK]}» og «{_TARGETS[TargetStatus.BEHIND]}» år, der er i gang. "
        f"«{_TARGETS[TargetStatus.NOT_ASSESSABLE].capitalize()}» betyder, at tallet ikke er opgjort eller kun dækker "
        "en del af året.",
    ),
    (
        "Baseline",
        f"«{_TRENDS[BaselineTrend.NO_CLEAR_CHANGE].capitalize()}» betyder, at forskellen til baseline kan være "
        f"tilfældig. «{_TRENDS[BaselineTrend.NOT_COMPARABLE].capitalize()}» betyder, at tallet er målt på en anden "
        "måde eller for andre områder end baseline.",
    ),
    (
        "Tal, der ikke er der",
        f"«{_STATES[ValueState.MISSING].capitalize()}»: tallet skulle være leveret. "
        f"«{_STATES[ValueState.NOT_DUE].capitalize()}»: tallet skal først foreligge senere, eller året måles ikke. "
        f"«{_STATES[ValueState.NOT_MEASURED].capitalize()}»: aftalen siger, at tallet ikke opgøres. "
        f"«{_STATES[ValueState.INCOMPLETE].capitalize()}»: leverancerne dækker kun en del af perioden. "
        "Nul er et tal og betyder, at der ingen var.",
    ),
    ("‡", "Tallet dækker kun en del af et år. I kurverne er punktet hult."),
    (
        "Interval",
        "Tal fra spørgeskemaer bygger på dem, der svarede. Den sande andel ligger med 95 procents sikkerhed mellem de "
        "to tal under andelen; i kurverne er det den lodrette streg.",
    ),
    (
        "Kurver",
        "Målet er en stiplet linje og baseline en prikket. Hvor et år ikke har noget tal, er linjen afbrudt, og der "
        "står hvorfor. «Brud i serien» betyder, at årene før og efter er målt på hver sin måde.",
    ),
    (
        "Fortrolighed",
        "Små tal (1–2 personer) og tal, der ville afsløre dem, er skjult. Et tal, der er vist, ændres først, når "
        "ændringen er på mindst 3.",
    ),
    ("Bogstaver", "Bogstavet ved et tal viser til noten med tallets kilde, leveringsdag og tilstand."),
)
"""Term and explanation, in the order of the last section."""
