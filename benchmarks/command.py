"""The command line of the benchmarks: which parts, which sizes, and where the results are written."""

import argparse
from pathlib import Path

from django.utils import timezone

from benchmarks import content, database, engine, holds, importing, peers, reading
from benchmarks.pool import BRIEFS
from benchmarks.report import Report, command_line

PARTS = ("engine", "peers", "reading", "database", "content", "import", "holds")
RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Run the parts asked for, print each figure as it comes, and write the results."""
    options = _read_options()
    if options.map:
        engine.tell_memory(options.map, timezone.now())
        return
    if options.spool:
        importing.tell_spool(options.spool)
        return
    report = Report(command_line())
    now = timezone.now()
    for people in options.people:
        if {"engine", "peers"} & set(options.parts):
            ranked = engine.run(report, people, options.briefs, now)
            if "peers" in options.parts:
                peers.run(report, ranked)
            del ranked
    if "reading" in options.parts:
        reading.run(report, options.briefs, now.date())
    if "database" in options.parts:
        database.run(report, max(options.people), options.briefs, now)
    if "content" in options.parts:
        content.run(report, max(options.people), options.briefs, now)
    if "import" in options.parts:
        importing.run(report, max(options.people), now.date())
    if "holds" in options.parts:
        holds.run(report)
    report.write(options.results)
    print(f"\nWritten to {options.results.name}.")


def _read_options() -> argparse.Namespace:
    def sizes(text: str) -> list[int]:
        return [int(each.replace("_", "")) for each in text.split(",")]

    def parts(text: str) -> list[str]:
        chosen = text.split(",")
        if unknown := set(chosen) - set(PARTS):
            raise argparse.ArgumentTypeError(
                f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}"
            )
        return chosen

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure RefProgram and its peers.")
    parser.add_argument("--people", type=sizes, default=[10_000, 100_000], metavar="N,N", help="sizes of the pool")
    parser.add_argument("--briefs", type=int, default=BRIEFS, metavar="N", help=f"how many briefs ({BRIEFS})")
    usual = [part for part in PARTS if part != "content"]  # which writes a pool of its own
    parser.add_argument("--parts", type=parts, default=usual, metavar="PART,PART", help=", ".join(PARTS))
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE", help="where to write (RESULTS.md)")
    parser.add_argument("--map", type=Path, help=argparse.SUPPRESS)  # asked of a child process, to see its memory
    parser.add_argument("--spool", type=Path, help=argparse.SUPPRESS)  # as well
    return parser.parse_args()
