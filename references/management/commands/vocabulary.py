"""`manage.py vocabulary`: how many words the vocabulary knows, and which are unknown, with what they seem to mean."""

import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from references.models import Tag
from references.services.unmapped import Unmapped, list_unmapped
from references.term_suggestions import SURE


class Command(BaseCommand):
    help = "Count the tags of each facet by status; with --unmapped list the words that mean nothing yet, by use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unmapped", action="store_true", help="list the unknown words with suggestions")
        parser.add_argument("--facet", default="", help="only words of this facet")
        parser.add_argument("--limit", type=int, default=50, metavar="N", help="list at most N words (50)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        told = self._unmapped(options) if options["unmapped"] else {"tags": self._tags()}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for facet, each in told.get("tags", {}).items():
            self.stdout.write(f"{facet}: " + ", ".join(f"{count:,} {status}" for status, count in each.items()))
        if "words" in told:
            self._tell_unmapped(told)

    def _tags(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        rows = Tag.objects.values_list("facet", "status").annotate(n=Count("pk")).order_by("facet", "status")
        for facet, status, count in rows:
            found.setdefault(facet, {})[status] = count
        return found

    def _unmapped(self, options: dict[str, Any]) -> dict[str, Any]:
        terms = [term for term in list_unmapped() if options["facet"] in {"", term.facet}]
        named = dict(Tag.objects.values_list("pk", "name"))
        return {
            "unmapped": len(terms),
            "uses": sum(term.total for term in terms),
            "by_source": dict(Counter(f"{term.facet} ({term.source})" for term in terms)),
            "suggested": sum(term.suggestion is not None for term in terms),
            "sure": sum(term.confidence >= SURE for term in terms),
            "words": [_word(term, named) for term in terms[: max(options["limit"], 0)]],
        }

    def _tell_unmapped(self, told: dict[str, Any]) -> None:
        write = self.stdout.write
        write(f"{told['unmapped']:,} unknown words on {told['uses']:,} rows; by facet: ")
        for source, count in told["by_source"].items():
            write(f"  {source}: {count:,}")
        write(f"{told['suggested']:,} have a suggestion, {told['sure']:,} of {SURE:.0%} or more.")
        for word in told["words"]:
            meant = f"  → {word['suggestion']} ({word['how']}, {word['confidence']:.0%})" if word["suggestion"] else ""
            write(f"{word['uses']:>6,}  {word['facet']:<9} {word['text']}{meant}")


def _word(term: Unmapped, named: dict[int, str]) -> dict[str, Any]:
    best = term.suggestion
    return {
        "key": term.key,
        "facet": term.facet,
        "text": term.text,
        "source": term.source,
        "uses": term.total,
        "suggestion": named[best.tag] if best else None,
        "how": ("below: " if best.is_below else "") + best.how if best else None,
        "confidence": best.confidence if best else None,
    }
