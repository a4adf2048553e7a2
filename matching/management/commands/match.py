"""`manage.py match`: who to ask for a deal, why, who not and why not, on the terminal."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.reasons import list_words
from matching.results import Candidate, ContentHit, Excluded, SearchResult
from matching.search import search_references
from references.activities import BY_CODE, CODES
from references.pool.result import PromoterCard
from users.enums import Role
from users.models import User


class Command(BaseCommand):
    """Answers one brief for people, or many as JSON lines. Names are shown: whoever runs it runs the program."""

    help = "Find the right references for a deal, explained."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", nargs="?", help="the deal in a sentence or two; '-' reads it from standard input")
        parser.add_argument("--briefs", metavar="FILE", help='a JSON list of {"id", "text"}; only the text is read')
        parser.add_argument("--activity", choices=CODES, help="what is wanted, whatever the text says")
        parser.add_argument("--limit", type=int, default=10, help="how many of each kind (10)")
        parser.add_argument("--json", action="store_true", help="print one JSON object a line")
        parser.add_argument("--as", dest="viewer", metavar="EMAIL", help="show what this user may see")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["text"] is None) == (options["briefs"] is None):
            raise CommandError("Give either a text or --briefs FILE.", returncode=2)
        if options["limit"] < 1:
            raise CommandError("--limit: give a whole number from 1 up.", returncode=2)
        viewer = find_viewer(options["viewer"])
        briefs = read_briefs(Path(options["briefs"])) if options["briefs"] else single_brief(options["text"])
        for brief_id, text in briefs:
            found = search_references(user=viewer, text=text, activity=options["activity"], limit=options["limit"])
            if options["json"] or options["briefs"]:
                self.stdout.write(json.dumps(as_json(brief_id, found), ensure_ascii=False))
            else:
                self.stdout.write("\n".join(describe(found)))


def find_viewer(email: str | None) -> User:
    """Give the user with this address, or an operator who sees all; CommandError where there is no such user."""
    if email is None:
        return User(email="operator", role=Role.ADMIN)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"--as: no user has the address {email}.", returncode=2)
    return user


def single_brief(text: str) -> Iterator[tuple[str | None, str]]:
    """Give the text of the command line, or of standard input for "-"; CommandError where there are no words."""
    words = sys.stdin.read() if text == "-" else text
    if not words.strip():
        raise CommandError("text: say in a few words who is needed.", returncode=2)
    yield None, words


def read_briefs(path: Path) -> Iterator[tuple[Any, str]]:
    """Read (id, text) from a JSON list; CommandError names the entry that is not as it should be."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}", returncode=2) from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}", returncode=2) from error
    if not isinstance(entries, list):
        raise CommandError(f'{path}: a list of {{"id", "text"}} is wanted.', returncode=2)
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
            raise CommandError(f'{path}, entry {place}: an object with a "text" is wanted.', returncode=2)
    return ((entry.get("id", place), entry["text"]) for place, entry in enumerate(entries, start=1))


def as_json(brief_id: Any, found: SearchResult) -> dict[str, Any]:
    """Give a result as the JSON object that `--json` prints."""
    return {
        "id": brief_id,
        "need": found.need.as_dict(),
        "activity": found.activity,
        "on": found.on.isoformat(),
        "notice": found.notice,
        "results": [_candidate_json(each) for each in found.candidates],
        "excluded": [_excluded_json(each) for each in found.excluded],
        "content": [_content_json(each) for each in found.content],
        "totals": {"results": found.total_candidates, "excluded": found.total_excluded, "content": found.total_content},
        "revision": found.revision,
        "elapsed_ms": round(found.elapsed_ms, 2),
    }


def _candidate_json(each: Candidate) -> dict[str, Any]:
    return {
        "customer": each.card.customer_name,
        "promoter": each.card.promoter_name,
        "headline": each.card.headline,
        "contact_id": each.card.contact_id,
        "score": round(each.score, 4),
        "fit": round(each.fit, 4),
        "reasons": list_words(each.terms),
        "fatigue": round(each.card.phi, 4),
        "next_free": None if each.next_free is None else each.next_free.isoformat(),
    }


def _excluded_json(each: Excluded) -> dict[str, Any]:
    return {
        "customer": each.card.customer_name,
        "promoter": each.card.promoter_name,
        "headline": each.card.headline,
        "contact_id": each.card.contact_id,
        "fit": round(each.fit, 4),
        "why_not": [
            {"code": refusal.code, "sentence": refusal.sentence, "until": refusal.until and refusal.until.isoformat()}
            for refusal in each.refusals
        ],
        "next_free": None if each.next_free is None else each.next_free.isoformat(),
    }


def _content_json(each: ContentHit) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "customer": each.customer_name,
        "title": each.title,
        "excerpt": each.excerpt,
        "said_by": each.said_by,
        "url": each.url,
        "fit": round(each.fit, 4),
        "reasons": each.words,
        "rights": list(each.rights),
        "usable_until": None if each.usable_until is None else each.usable_until.isoformat(),
    }


def describe(found: SearchResult) -> Iterator[str]:
    """Give a result as lines for people."""
    understood = [
        f"{reading.facet}: {reading.name}{'' if reading.is_sure else '?'}"
        + {"must": " (must)", "not": " (not)"}.get(reading.mode, "")
        for reading in found.need.readings
    ]
    yield f"Understood: {', '.join(understood) or 'nothing in particular'}"
    yield f"{BY_CODE[found.activity].label}, on {found.on}. {found.notice}".rstrip()
    yield ""
    for each in found.candidates:
        yield f"{each.rank:>2}. {_who(each.card)}   {each.score:.0f} points, fit {each.fit:.0f}"
        yield from (f"      {line}" for line in list_words(each.terms))
    if not found.candidates:
        yield "Nobody in the pool may be asked for this now."
    if found.excluded:
        yield f"\nNot now ({found.total_excluded}):"
    for excluded in found.excluded:
        free = f" Free again {excluded.next_free}." if excluded.next_free else ""
        sentences = " ".join(refusal.sentence for refusal in excluded.refusals)
        yield f"  - {_who(excluded.card)}: {sentences}{free}"
    if found.content:
        yield f"\nTo use meanwhile ({found.total_content}):"
    for content in found.content:
        name = f"{content.customer_name}: " if content.customer_name else ""
        yield f"  - {content.kind.replace('_', ' ')}, {name}{content.title or content.excerpt}"
    yield f"\n{found.elapsed_ms:.1f} ms, pool {found.revision}"


def _who(card: PromoterCard) -> str:
    named = ", ".join(name for name in (card.promoter_name, card.customer_name) if name)
    return f"{named} ({card.headline})" if named else card.headline
