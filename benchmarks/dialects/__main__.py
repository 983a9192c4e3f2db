"""Read a corpus without being told how, and count what came out exact, odd and told, and silently wrong."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from benchmarks.dialects.corpus import SPOILT, Case, cases
from ingest.detection.reading import Found, read_text


def outcome(case: Case, found: Found) -> str:
    """exact; told where it differs and a note says that something was odd; else wrong."""
    if found.columns == case.columns and found.rows == [
        row + [""] * (len(case.columns) - len(row)) for row in case.rows
    ]:
        return "exact"
    return "told" if found.ragged or found.read_again else "wrong"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; the exit code is 1 where a file was read wrong and nothing was said."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dialects", description=__doc__)
    parser.add_argument("--files", type=int, default=480, help="how many (480)")
    parser.add_argument("--seed", type=int, default=1, help="what the draw starts from (1)")
    options = parser.parse_args(arguments)
    counts: Counter[tuple[str, str]] = Counter()
    for number, case in enumerate(cases(options.files, options.seed)):
        found = outcome(case, read_text(case.content))
        counts[SPOILT[number % len(SPOILT)], found] += 1
        if found != "exact":
            sys.stderr.write(f"{found}: {case.name}\n")
    lines = ["| file | exact | told | silently wrong |", "|---|---|---|---|"]
    for what in (*SPOILT, None):
        row = [
            sum(n for (w, f), n in counts.items() if f == kind and what in (w, None))
            for kind in ("exact", "told", "wrong")
        ]
        lines.append(f"| {what or 'in all'} | {' | '.join(map(str, row))} |")
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(kind == "wrong" for _, kind in counts))


if __name__ == "__main__":
    sys.exit(main())
