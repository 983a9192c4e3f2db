"""A landing zone full of canaries: personal data in every source and in every place of a file, made for the search.

No canary is a real person's. Each name is one of its own, so that what is found says where it was planted; all numbers
share a birthday and the first two digits of their serial, so that one pattern finds them in every way of writing them.

Not planted, since nothing can know it: a name in text that its descriptor declares public, and a person's name in that
of a file or folder, unless it stands in the file's own rows (docs/privacy.md).
"""

import io
import json
import re
from datetime import date
from itertools import count
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
from openpyxl.comments import Comment

BIRTHS = ("1976-02-09", "09-02-1976", "9.2.1976")
EMAIL, PHONE, INITIALS, NOTE = "qvartz@kanarie.example", "27 18 28 18", "QZXW", "kanarienotat"
CONTACT = f"tlf. {PHONE}, +45 27182818, {EMAIL}"

FOUND_BY = {
    "name": rb"q\0?v\0?a\0?r\0?t\0?z(?:\0?[a-z]){0,2}",
    # with hyphen, space or neither, nine digits where a spreadsheet took the leading zero, a float
    "CPR number": rb"(?<![0-9a-f])0?90276[- ]?47\d\d",
    "CPR number in scientific notation": rb"9[.,]0276(?:47)?\d*e\+?0?[89]",
    "birth date": rb"1976-02-09|0?9[-./]0?2[-./]1976|19760209|date\(1976, 2, 9",
    "phone": rb"27 18 28 18|27182818",
    "mail address": rb"kanarie\.example",
    "initials": rb"\bqzxw\b",
    "source's own id": rb"qvid-\d+",
    "note": rb"kanarienotat",
}
CANARY = re.compile(b"|".join(FOUND_BY.values()), re.IGNORECASE)


class Landing:
    """The folder that is delivered into; `places` says of each name where it was planted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: dict[str, str] = {}
        self._serials = count(4700)

    def name(self, place: str) -> str:
        first, second = divmod(len(self.places), 26)
        name = f"Qvartz{chr(97 + first)}{chr(97 + second)}"
        self.places[name] = place
        return name

    def cpr(self) -> str:
        """Ten digits."""
        return f"090276{next(self._serials)}"

    def put(self, place: str, content: str | bytes) -> None:
        path = self.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def everything(self, place: str) -> str:
        """A note as somebody writes it, with everything in it."""
        return f"{self.name(place)} {self.cpr()[:6]}-{self.cpr()[6:]} f. {BIRTHS[1]}, {CONTACT} {INITIALS} {NOTE}"


def written(cpr: str) -> list[str]:
    """A number in every form that people and spreadsheets give it."""
    whole = cpr.lstrip("0")
    return [
        f"{cpr[:6]}-{cpr[6:]}",
        cpr,
        f"{cpr[:6]} {cpr[6:]}",
        whole,
        f"{whole}.0",
        f"{whole},0",
        f"{int(cpr):.8E}".replace("E+08", "E+8"),
        f"{int(cpr):.5e}".replace(".", ","),
    ]


def plant(folder: Path) -> Landing:
    """Deliver canaries of every kind by every source, and files that cannot be read."""
    landing = Landing(folder)
    _sessions(landing)
    _participants(landing)
    _activities(landing)
    _wide_tables(landing)
    _cubes(landing)
    _surveys(landing)
    _unreadable(landing)
    _misplaced(landing)
    return landing


def _sessions(landing: Landing) -> None:
    heads = (
        "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning;Kontakt"
    )
    own = f"{landing.name('person column')};{INITIALS}"
    note, extra = landing.everything("note"), landing.everything("undeclared column")
    rows = [
        f"{number};1{number % 10}-03-2022;Ringparken;{form};{own};{public};{form};{consent};1,5;{note};{extra}"
        for number, (form, public, consent) in enumerate(
            (form, public, consent)
            for form in written(landing.cpr())
            for public in (f"ring {CONTACT}", f"om {form}")
            for consent in ("Ja", "Nej")
        )
    ]
    person = f"{landing.cpr()};{own};Økonomi;;Ja;1,5;{note};{extra}"
    rows += [
        f"101;{landing.name('bad date')} {BIRTHS[0]};Sydbyen;{person}",
        f"102;14-03-2022;{landing.name('unknown area')};{person}",
        f"{landing.cpr()};14-03-2022;Sydbyen;{person}",
        f"104;14-03-2022;Sydbyen;{person};{landing.everything('row with a field too many')}",
        f'105;14-03-2022;Sydbyen;{landing.cpr()};"{landing.name("broken quotes")}" x;{INITIALS}',
        f"106;14-03-2019;Sydbyen;{person}",
        f"I alt: 37;{landing.everything('footer')};;;;;;;;;;",
    ]
    preamble = f"Udtræk for {landing.everything('preamble')}"
    landing.put(
        "vejledninger/2023-01-12/vejledninger_2022.csv", "\n".join([preamble, heads, *rows, ""]).encode("cp1252")
    )

    heads = "Sags-id;Mødedato;Område;CPR;Borger;Beboervejleder;Emne;Brobygning;Brobygning til;Samtykke;Minutter;Notat"
    row = f"1;14-03-2023;Sydbyen;{landing.cpr()};{landing.name('person column')};{INITIALS};Gæld;{{}};;Ja;30;{NOTE}"
    bad_code = row.format(landing.name("unknown code"))
    unsaid = f"{landing.name('extra heading')};{EMAIL};{landing.cpr()}"
    landing.put(
        "vejledninger/2024-01-09/vejledninger_2023.csv",
        "\n".join([f"{heads};{unsaid}", f"{row.format('Ja')};a;b;c", f"{bad_code};a;b;c", ""]),
    )
    landing.put("vejledninger/2025-01-14/vejledninger_2024.csv", f"{row.format('Nej')}\n{row.format('Ja')}\n")
    few = ";".join(heads.split(";")[:8])
    refused = f"{few};{landing.name('heading of a refused file')};{landing.cpr()};{EMAIL}\n"
    landing.put("vejledninger/2025-02-03/vejledninger_2024.csv", refused)
    whole = f"{landing.name('file name')} {landing.name('file name')}"
    named = f"vejledninger_2025 {whole} {landing.cpr()} {EMAIL}.csv"
    theirs = f"1;14-03-2025;Sydbyen;{landing.cpr()};{whole};{INITIALS};Gæld;Ja;;Ja;30;{NOTE}"
    landing.put(f"vejledninger/2025-10-06/{named}", f"{heads}\n{theirs}\n")


def _participants(landing: Landing) -> None:
    heads = "Forløb;Deltager-ID;Fødselsdato;Boligområde;Startdato;Slutdato;Antal fremmøder;Pårørende"
    kin = landing.everything("undeclared column")
    rows = [
        f"Børnedemokrati, {CONTACT};QVID-{number};{birth};Motalavej;01-04-2022;01-06-2022;7;{kin}"
        for number, birth in enumerate(BIRTHS)
    ]
    rows.append(f"Børnedemokrati;QVID-7;{landing.name('bad birth date')} {BIRTHS[1]};Motalavej;01-04-2022;;7;{kin}")
    rows.append(f"Børnedemokrati;QVID-8;{BIRTHS[1]};Motalavej;01-04-1970;;{landing.name('bad number')};{kin}")
    landing.put("forloeb_deltagere/2023-01-19/forloeb_2022.csv", "\n".join([heads, *rows, ""]))


def _activities(landing: Landing) -> None:
    book = openpyxl.Workbook()
    book.properties.creator = landing.name("author of a workbook")
    sheet = book.active
    sheet.title = "2022"
    sheet.append([landing.everything("title row")])
    heads = ["Dato", "Aktivitet", "Type", "Boligområde", "Samarbejdspartner(e)", "Antal deltagere", "Antal frivillige"]
    sheet.append([*heads, "Større aktivitet", landing.name("extra heading")])
    kin = landing.everything("undeclared column")
    for number, cell in enumerate((landing.cpr(), int(landing.cpr()), float(landing.cpr()), *written(landing.cpr()))):
        day, ca = date(2022, 5, number + 1), f"ca. {landing.name('bad number')}"
        sheet.append([day, f"Fest {number}, {CONTACT}", cell, "Sydbyen", f"FDF {EMAIL}", ca, 3, "x", kin])
    sheet["A3"].comment = Comment(landing.everything("comment"), landing.name("author of a comment"))
    sheet.append([date(2022, 6, 1), "Fest", "", landing.name("unknown area"), "", 3, 3, "x"])
    sheet.append([landing.name("bad date"), "Fest", "", "Sydbyen", "", 3, 3, landing.name("unknown code")])
    sheet.append(["I alt", landing.everything("footer")])
    book.create_sheet(landing.name("unknown sheet")).append([landing.everything("cell of an unknown sheet")])
    book.create_sheet(f"{EMAIL[:20]} {landing.cpr()}").sheet_state = "hidden"
    landing.put("aktiviteter/2023-01-19/Aktiviteter.xlsx", _bytes(book))


def _wide_tables(landing: Landing) -> None:
    contact = f"Kontakt: {CONTACT}, {landing.cpr()}"
    residents = [
        [f"Beboere. {contact}"],
        [None, None, "2021", "2022"],
        ["Beboere i alt", "Ringparken", 900, landing.name("cell of a year")],
        [None, "Sydbyen", 800, 810],
        [None, landing.name("unknown area"), 1, 2],
        [contact],
    ]
    landing.put("beboertal/2025-03-03/beboere_boligomraader.xlsx", _sheet(residents))
    employed = [
        [f"Employed by frequency, sex, age, ancestry, region and time. {contact}"],
        [None, None, None, None, None, "2021", "2022"],
        ["Employment rate", "Total", "Age, total", "Total", "Slagelse", 70.1, 71.2],
        [None, None, None, None, "Sorø", 72.1, landing.name("cell of a year")],
        [f"Data break in 2022. {contact}"],
    ]
    landing.put("statbank/2024-06-30/RAS200.xlsx", _sheet(employed))
    published = [["Spørgsmål", "Svar", "Boligområde", "2021"], [f"Tillid? {contact}", f"Enig {EMAIL}", "Sydbyen", 51.0]]
    landing.put("tryghedssurvey_publiceret/2024-02-01/andele.xlsx", _sheet(published))


def _cubes(landing: Landing) -> None:
    """Tables of statistics that are read, and some that are refused for what somebody typed in them."""
    contact = f"Kontakt: {landing.name('text of a cube')} {CONTACT}, {landing.cpr()}"
    undeclared = landing.name("variable of a cube")

    def category(*codes: str) -> dict[str, object]:
        return {"label": contact, "category": {"index": list(codes), "label": {codes[0]: codes[0]}, "note": contact}}

    document = {
        "class": "dataset",
        "label": contact,
        "note": [f"Databrud i 2022. {contact}"],
        "id": ["OMRÅDE", undeclared, "Tid"],
        "size": [1, 1, 2],
        "dimension": {"OMRÅDE": category("Slagelse"), undeclared: category(contact), "Tid": category("2021", "2022")},
        "value": [70.1, landing.name("value of a cube")],
        "status": ["", landing.name("status of a cube")],
    }
    landing.put("statbank/2024-06-30/FOLK1A.json", json.dumps(document))
    landing.put("statbank/2024-07-01/FOLK1A.json", json.dumps(document | {"size": [1, 2, 2]}))
    landing.put("statbank/2024-07-01/FOLK1A_2.json", json.dumps(document)[:-40])
    heading = f"OMRÅDE;TID;INDHOLD;{landing.name('heading of a cube')}"
    landing.put("statbank/2024-07-01/FOLK1A.csv", f"{heading}\nSlagelse;2021;{contact};a\nSlagelse;2022;5;b\n")
    landing.put("statbank/2024-07-02/FOLK1A.csv", f"OMRÅDE;TID;INDHOLD\nSlagelse;2021;{contact}\nSlagelse;2022;5\n")
    statements = [
        f'CHARSET="ANSI";TITLE="{contact}";STUB="OMRÅDE","{undeclared}";HEADING="Tid";',
        f'NOTE="Databrud i 2022. {contact}";',
        f'VALUES("OMRÅDE")="Slagelse";VALUES("{undeclared}")="{contact}";VALUES("Tid")="2021","2022";',
        f'CONTACT="{contact}";DATA=\n1 "{landing.name("data of a cube")}"',
    ]
    landing.put("statbank/2024-07-03/FOLK1A.px", "\n".join([*statements, ";"]))
    landing.put("statbank/2024-07-03/FOLK1A_2.px", "\n".join(statements))


def _surveys(landing: Landing) -> None:
    people = [landing.name("undeclared variable") for _ in range(4)]
    frame = pd.DataFrame(
        {
            "LBNR": [landing.cpr(), "2", "3", "4"],
            "OMRAADE": ["Ringparken", "Sydbyen", landing.name("unknown area"), "Motalavej"],
            "VAEGT": [1.0, 1.5, 0.5, float(landing.cpr())],
            "Q7_TILLID": [1.0, 2.0, 3.0, 4.0],
            "Q12_FAELLES": ["Enig", "Uenig", "Enig", landing.name("unknown code")],
            "NAVN": people,
            "CPR": written(landing.cpr())[:4],
        }
    )
    labels = {1.0: "I høj grad", 2.0: f"I nogen grad {EMAIL}", 3.0: landing.cpr(), 4.0: "Slet ikke"}
    path = landing.folder / "tryghedssurvey/2022-03-15/tryghedssurvey_2021.sav"
    path.parent.mkdir(parents=True)
    pyreadstat.write_sav(
        frame,
        path,
        file_label=landing.name("label of the file"),
        column_labels={"Q7_TILLID": f"Tillid? {CONTACT} {landing.cpr()}", "NAVN": landing.name("label of a variable")},
        variable_value_labels={"Q7_TILLID": labels},
        note=f"{landing.name('note in the file')} {landing.cpr()} {EMAIL}",
    )
    rows = [
        "respondent;boligområde;vægt;tillid_politi_myndigheder;del_af_fællesskab",
        f"{landing.cpr()};Sydbyen;1,0;I høj grad;Enig",
        f"2;Sydbyen;{landing.name('bad number')};I høj grad;Helt enig",
        f"3;Sydbyen;1,0;{landing.name('unknown code')};Enig",
    ]
    landing.put("tryghedssurvey/2024-02-01/tryghedssurvey_2023.csv", "\n".join([*rows, ""]))


def _unreadable(landing: Landing) -> None:
    damaged = landing.everything("damaged file").encode()
    landing.put("aktiviteter/2024-01-22/Aktiviteter.xlsx", b"PK\x03\x04" + damaged)
    landing.put("tryghedssurvey/2019-03-01/tryghedssurvey_2018.sav", b"$FL2" + damaged)
    landing.put(
        "vejledninger/2022-01-10/vejledninger_2021.csv", landing.everything("undecodable file").encode("utf-16")
    )
    landing.put("forloeb_deltagere/2024-01-22/forloeb_2023.csv", f'Forløb;"{landing.everything("unclosed quote")}')
    landing.put(f"forloeb_deltagere/2025-01-21/forloeb_2024 {landing.cpr()}.csv", b"")
    landing.put("beboertal/2025-04-01/beboere.docx", damaged)


def _misplaced(landing: Landing) -> None:
    note = landing.everything("misplaced file")
    landing.put(f"{landing.cpr()}/2024-01-09/brev.txt", note)
    landing.put(f"vejledninger/{EMAIL}/udskrift.csv", note)
    landing.put(f"vejledninger/2024-02-02/{landing.cpr()}/udskrift.csv", note)
    landing.put(f"vejledninger/{landing.cpr()}.csv", note)
    landing.put(f"brev til {landing.cpr()}.csv", note)


def _sheet(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return _bytes(book)


def _bytes(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
