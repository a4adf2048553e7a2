"""`manage.py evaluate_matching`: how well, and how fast, graded briefs are answered over the pool as it is."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.evaluation import BriefScore, Figures, Measure, compare, score_brief, sum_up
from matching.rankers import RANKERS, available
from references.models import Customer
from references.text import fold_name

ALL = "all"
OURS = "product"
MEASURES = (("NDCG@5", "ndcg"), ("P@1", "first_is_good"), ("MRR", "reciprocal_rank"), ("recall@10", "recall"))
Brief = dict[str, Any]
Scores = dict[str, list[BriefScore]]


class Command(BaseCommand):
    """Ranks each brief from its text alone, and holds the answer against the grades that stand beside it."""

    help = "Measure the ranking, and its peers, against graded briefs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--briefs", required=True, help='JSON list of {"id", "text", "relevant": {name: grade}}')
        parser.add_argument(
            "--ranker",
            action="append",
            choices=[*RANKERS, ALL],
            help="what ranks (product); give it more than once, or “all”, to have the rankers compared with each other",
        )
        parser.add_argument(
            "--half", choices=("odd", "even"), help="only every other brief, for tuning and for testing"
        )
        parser.add_argument("--save", metavar="FILE", help="keep the first ranker's figures of each brief")
        parser.add_argument("--compare", metavar="FILE", help="figures kept before, to be compared with, pair by pair")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        briefs = read_graded_briefs(Path(options["briefs"]))
        if options["half"]:
            briefs = briefs[0 if options["half"] == "odd" else 1 :: 2]
        wanted = options["ranker"] or [OURS]
        rankers = available() if ALL in wanted else list(dict.fromkeys(wanted))
        if not set(rankers) <= set(available()):
            raise CommandError("SEMANTIC_MODEL names no embedding model.", returncode=2)
        unknown = name_unknown(briefs)
        scores = {name: [answer(brief, name) for brief in warmed(briefs, name)] for name in rankers}
        before = read_kept(Path(options["compare"])) if options["compare"] else None
        report = make_report(scores, unknown, before)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
        else:
            self.show(scores, report)
        if options["save"]:
            kept = [asdict(each) for each in scores[rankers[0]]]
            Path(options["save"]).write_text(json.dumps(kept, indent=1), "utf-8")

    def show(self, scores: Scores, report: dict[str, Any]) -> None:
        """Print what a person reads: each ranker's figures, what is compared, and the names the pool does not know."""
        for name, theirs in scores.items():
            self.show_figures(name if len(scores) > 1 else "", sum_up(theirs))
        for each in report["comparisons"]:
            difference = Measure(**each["ndcg"])
            self.stdout.write(f"NDCG@5 of {each['of']} − {each['less']}  {_signed(difference)}")
        if "change" in report:
            self.stdout.write(f"change of NDCG@5  {_signed(Measure(**report['change']))}")
        for brief, names in report["unknown"].items():
            self.stderr.write(f"{brief}: not in the pool, so nobody can find them: {', '.join(names)}")

    def show_figures(self, name: str, figures: Figures) -> None:
        """Print means with 95 % intervals, the share with an eligible fit, and the latency."""
        self.stdout.write(f"{figures.briefs} briefs{f' by {name}' if name else ''}")
        for label, field in MEASURES:
            figure: Measure = getattr(figures, field)
            self.stdout.write(f"{label:<10} {figure.mean:.3f}  ({figure.low:.3f} … {figure.high:.3f})")
        if figures.eligible_fit is not None:
            self.stdout.write(f"eligible   {figures.eligible_fit:.3f}  of the briefs have a fit who may be asked")
        self.stdout.write(f"latency    median {figures.median_ms:.1f} ms, p95 {figures.p95_ms:.1f} ms")


def answer(brief: Brief, ranker: str) -> BriefScore:
    """Rank one brief by its text, timed; names are compared folded."""
    began = time.perf_counter()
    ranked = RANKERS[ranker](brief["text"])
    elapsed = (time.perf_counter() - began) * 1000
    grades: dict[str, int] = {}
    for name, grade in brief["relevant"].items():
        grades[fold_name(name)] = max(grade, grades.get(fold_name(name), 0))
    names = [fold_name(name) for name in ranked.names]
    try:
        return score_brief(str(brief["id"]), names, grades, elapsed, ranked.has_eligible_fit)
    except ValueError as error:
        raise CommandError(str(error), returncode=2) from error


def warmed(briefs: Sequence[Brief], ranker: str) -> Sequence[Brief]:
    """The briefs, after the first was answered once: reading the pool is no part of the latency."""
    if briefs:
        RANKERS[ranker](briefs[0]["text"])
    return briefs


def make_report(scores: Scores, unknown: dict[str, list[str]], before: dict[str, float] | None) -> dict[str, Any]:
    """The whole answer in plain values: figures by ranker, differences pair by pair, unknown names by brief."""
    ndcg = {name: {each.brief: each.ndcg for each in theirs} for name, theirs in scores.items()}
    first, *others = scores
    report: dict[str, Any] = {
        "rankers": {name: asdict(sum_up(theirs)) for name, theirs in scores.items()},
        "comparisons": [
            {"of": first, "less": other, "ndcg": asdict(compare(ndcg[first], ndcg[other]))} for other in others
        ],
        "unknown": unknown,
        "briefs": {name: [asdict(each) for each in theirs] for name, theirs in scores.items()},
    }
    if before is not None:
        try:
            report["change"] = asdict(compare(ndcg[first], before))
        except ValueError as error:
            raise CommandError("The figures kept before are of other briefs.", returncode=2) from error
    return report


def name_unknown(briefs: Sequence[Brief]) -> dict[str, list[str]]:
    """By brief, the graded customers (grade above 0) that the pool does not hold."""
    known = set(Customer.objects.values_list("folded_name", flat=True))
    found = {
        str(brief["id"]): [
            name for name, grade in brief["relevant"].items() if grade > 0 and fold_name(name) not in known
        ]
        for brief in briefs
    }
    return {brief: names for brief, names in found.items() if names}


def read_kept(path: Path) -> dict[str, float]:
    """Read NDCG@5 by brief from a file that `--save` wrote; CommandError where it is none."""
    try:
        return {each["brief"]: float(each["ndcg"]) for each in json.loads(path.read_text("utf-8"))}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error


def read_graded_briefs(path: Path) -> list[Brief]:
    """Read briefs with grades; CommandError names what is not as it should be."""
    try:
        briefs = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error
    for place, brief in enumerate(briefs if isinstance(briefs, list) else [None], start=1):
        if not isinstance(brief, dict) or not {"id", "text", "relevant"} <= brief.keys():
            raise CommandError(f'{path}, entry {place}: {{"id", "text", "relevant"}} is wanted.', returncode=2)
    if not briefs:
        raise CommandError(f"{path}: there is no brief.", returncode=2)
    return list(briefs)


def _signed(difference: Measure) -> str:
    return f"{difference.mean:+.3f}  ({difference.low:+.3f} … {difference.high:+.3f})"
