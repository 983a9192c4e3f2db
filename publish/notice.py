"""The words of a notice, in Danish: counts, then the first lines, then how many more."""

import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from publish.news import Finding, News
from publish.quality_words import COUNTED
from vocabulary.states import Severity
from vocabulary.wording import date_da, number_da

MOST_LINES = 20
LONGEST_LINE = 300

HEADINGS = {Severity.BLOCKS: "Spærrer", Severity.WARNS: "Advarsler", Severity.NOTES: "Bemærkninger"}


@dataclass(frozen=True)
class Notice:
    """What is sent: a subject of one line that holds nothing delivered, and the same content as text and as HTML."""

    notice_id: str
    subject: str
    text: str
    html: str


def write_notice(news: News, public_url: str | None = None) -> Notice:
    """Put news into words; `public_url` is where the reader finds the rest."""
    subject = f"Områdetal {date_da(news.as_of)}: {_essence(news)}"
    sections, left_out = _sections(news)
    summary = _summary(news)
    parts = [subject, summary, *("\n".join([heading, *(f"- {line}" for line in lines)]) for heading, lines in sections)]
    if left_out:
        parts.append(f"… og {number_da(left_out)} flere.")
    if public_url:
        parts.append(f"Se alle fund: {public_url}")
    environment = Environment(loader=PackageLoader("publish"), autoescape=True, undefined=StrictUndefined)
    html = environment.get_template("besked.html.j2").render(
        subject=subject, summary=summary, sections=sections, left_out=left_out, public_url=public_url
    )
    return Notice(news.notice_id, subject, "\n\n".join(parts) + "\n", html)


def _essence(news: News) -> str:
    if news.is_late:
        return "nattens kørsel er ikke færdig"
    if news.is_blocked:
        return f"intet udgivet, {_counted(Severity.BLOCKS, len(news.opened))}"
    if news.is_held:
        changed = "1 ændret tal" if len(news.opened) == 1 else f"{number_da(len(news.opened))} ændrede tal"
        return f"intet udgivet, {changed} venter på godkendelse"
    new = [_counted(severity, count, "ny ", "nye ") for severity, count in _by_severity(news.opened)]
    return ", ".join([*new, *([f"{number_da(len(news.resolved))} løst"] if news.resolved else [])])


def _summary(news: News) -> str:
    if news.is_late:
        return (
            "Nattens tal skulle have været klar nu, men er hverken udgivet, spærret eller lagt til godkendelse. "
            f"{news.running} Den forrige udgivelse gælder fortsat."
        )
    if news.is_blocked:
        return (
            "Nattens tal blev spærret af kontrollen og er ikke udgivet. Den forrige udgivelse gælder fortsat. "
            "Tal står ikke i denne besked; `omraadetal status` viser dem."
        )
    if news.is_held:
        return (
            "Nattens kørsel vil ændre tal, der er udgivet som endelige, og venter på, at et menneske tager stilling. "
            "Den forrige udgivelse gælder fortsat. Tal står ikke i denne besked; svar i Airflow eller med "
            "`omraadetal approve`."
        )
    counts = ", ".join(_counted(severity, count) for severity, count in _by_severity(news.opened)) or "ingen nye fund"
    since = f"Nyt siden {date_da(news.since)}" if news.since else "Nyt"
    resolved = f" Løst: {number_da(len(news.resolved))}." if news.resolved else ""
    unchanged = f" Uændrede: {number_da(news.unchanged_count)}." if news.unchanged_count else ""
    return f"{since}: {counts}.{resolved}{unchanged}"


def _sections(news: News) -> tuple[list[tuple[str, list[str]]], int]:
    """Headings with their lines, at most MOST_LINES in all, and how many lines are left out."""
    grouped = [
        (HEADINGS[severity], [_line(one) for one in news.opened if one.severity is severity])
        for severity, _ in _by_severity(news.opened)
    ]
    if news.resolved:
        grouped.append(("Løst", [_line(one) for one in news.resolved]))
    sections, room = [], MOST_LINES
    for heading, lines in grouped:
        if room:
            sections.append((heading, lines[:room]))
            room -= len(lines[:room])
    return sections, sum(len(lines) for _, lines in grouped) - (MOST_LINES - room)


def _line(finding: Finding) -> str:
    """The message where it says what it is about, else title and place before it."""
    if finding.message and (finding.indicator or finding.file_name or finding.title) in finding.message:
        words = finding.message
    else:
        code = f" ({finding.flag_code})" if finding.severity is Severity.BLOCKS else ""
        title = finding.title + code
        words = ": ".join(part for part in (title, finding.place, finding.message) if part)
    return textwrap.shorten(words, LONGEST_LINE, placeholder=" …")


def _by_severity(findings: Iterable[Finding]) -> list[tuple[Severity, int]]:
    counts = Counter(finding.severity for finding in findings)
    return [(severity, counts[severity]) for severity in Severity if counts[severity]]


def _counted(severity: Severity, count: int, one: str = "", several: str = "") -> str:
    singular, plural = COUNTED[severity]
    return f"{number_da(count)} {one + singular if count == 1 else several + plural}"
