"""`manage.py evaluate_matching`: how well, and how fast, graded briefs are answered over the pool as it is."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError

from matching.evaluation import BriefScore, compare, measure, percentile, score_brief
from matching.ranking import choose_best
from matching.search import search_references
from references.models import Customer
from references.pool.index import current_snapshot
from references.pool.relevance import plan_query, score_text
from references.text import stems
from users.enums import Role
from users.models import User

DEPTH = 10
Ranker = Callable[[str], list[str]]


def rank_by_product(text: str) -> list[str]:
    """Customers as `match` ranks them."""
    found = search_references(user=User(email="operator", role=Role.ADMIN), text=text, limit=DEPTH)
    return [each.card.customer_name or "" for each in found.candidates]


def rank_by_words(text: str) -> list[str]:
    """Customers by BM25F over the same words alone: the peer."""
    snapshot = current_snapshot()
    query, statistics = plan_query(snapshot, "people", stems(text)), snapshot.text_statistics("people")
    documents = [view.segment.people_docs for view in snapshot.views]
    hits = choose_best(
        [score_text(query, statistics, view.people) for view in snapshot.views],
        [view.people.is_live for view in snapshot.views],
        [each.ids for each in documents],
        [each.customers for each in documents],
        limit=DEPTH,
    )
    names = dict(Customer.objects.filter(pk__in=[hit.customer for hit in hits]).values_list("pk", "name"))
    return [names[hit.customer] for hit in hits]


RANKERS: dict[str, Ranker] = {"product": rank_by_product, "bm25f": rank_by_words}


class Command(BaseCommand):
    """Ranks each brief from its text alone, and holds the answer against the grades that stand beside it."""

    help = "Measure the ranking against graded briefs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--briefs", required=True, help='JSON list of {"id", "text", "relevant": {name: grade}}')
        parser.add_argument("--ranker", choices=RANKERS, default="product", help="what ranks (product)")
        parser.add_argument(
            "--half", choices=("odd", "even"), help="only every other brief, for tuning and for testing"
        )
        parser.add_argument("--save", metavar="FILE", help="keep the figures of each brief")
        parser.add_argument("--compare", metavar="FILE", help="figures kept before, to be compared with, pair by pair")

    def handle(self, *args: Any, **options: Any) -> None:
        briefs = read_graded_briefs(Path(options["briefs"]))
        if options["half"]:
            briefs = briefs[0 if options["half"] == "odd" else 1 :: 2]
        scores = [self.answer(brief, RANKERS[options["ranker"]]) for brief in briefs]
        self.show(scores)
        if options["compare"]:
            before = {each["brief"]: each["ndcg"] for each in json.loads(Path(options["compare"]).read_text("utf-8"))}
            change = compare({each.brief: each.ndcg for each in scores}, before)
            self.stdout.write(f"change of NDCG@5  {change.mean:+.3f}  ({change.low:+.3f} … {change.high:+.3f})")
        if options["save"]:
            Path(options["save"]).write_text(json.dumps([asdict(each) for each in scores], indent=1), "utf-8")

    def answer(self, brief: dict[str, Any], rank: Ranker) -> BriefScore:
        """Rank one brief by its text, timed."""
        began = time.perf_counter()
        ranked = rank(brief["text"])
        elapsed = (time.perf_counter() - began) * 1000
        return score_brief(str(brief["id"]), ranked, brief["relevant"], elapsed)

    def show(self, scores: list[BriefScore]) -> None:
        """Print means with 95 % intervals, and the latency."""
        self.stdout.write(f"{len(scores)} briefs")
        for label, name in (
            ("NDCG@5", "ndcg"), ("P@1", "first_is_good"), ("MRR", "reciprocal_rank"), ("recall@10", "recall"),
        ):  # fmt: skip
            figure = measure([getattr(each, name) for each in scores])
            self.stdout.write(f"{label:<10} {figure.mean:.3f}  ({figure.low:.3f} … {figure.high:.3f})")
        times = [each.elapsed_ms for each in scores]
        self.stdout.write(f"latency    median {np.median(times):.1f} ms, p95 {percentile(times, 0.95):.1f} ms")


def read_graded_briefs(path: Path) -> list[dict[str, Any]]:
    """Read briefs with grades; CommandError names what is not as it should be."""
    try:
        briefs = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error
    for place, brief in enumerate(briefs if isinstance(briefs, list) else [None], start=1):
        if not isinstance(brief, dict) or not {"id", "text", "relevant"} <= brief.keys():
            raise CommandError(f'{path}, entry {place}: {{"id", "text", "relevant"}} is wanted.', returncode=2)
    return list(briefs)
