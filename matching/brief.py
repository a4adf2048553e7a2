"""Reading a brief: free text becomes a structured need by patterns, a lexicon, typing repair and cues."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from matching.brief_activity import FoundActivity, find_activity
from matching.brief_amounts import find_headcounts, find_money, find_quantity
from matching.brief_dates import find_date
from matching.brief_headcounts import match_headcounts
from matching.brief_modes import DOUBTED, Wish, Wishes, read_modes
from matching.need import Need, Reading
from references.common_words import REQUEST_WORDS
from references.lexicon import Lexicon
from references.mentions import select_matches
from references.text import STOP_WORDS
from references.words import Span, Word, is_shouted, split_words

MAX_LETTERS = 20_000
"""A brief is read up to here; what follows is kept in the text only."""

_PRECEDENCE = {"not": 0, "must": 1, "nice": 2}
_NAME = r"[A-Z](?:[\w&'’-]|\.(?=\w))*"
_BETWEEN_NAMES = r"(?:(?:(?<=\b[A-Z])|(?<=\bSt)|(?<=\bDr))\.)?\s+"  # any other dot ends the sentence
_PROSPECT = re.compile(
    r"\b(?:prospect|account|opportunity|company|client)(?: name)?\s*[:=]\s*(?P<named>[^\n.;,|]{2,60})"
    rf"|\b(?:[Oo]ur|[Tt]he|[Mm]y) prospect,?\s+(?:is\s+)?(?P<called>{_NAME}(?:{_BETWEEN_NAMES}{_NAME}){{0,4}})",
)
_AROUND_NAMES = " \t'\"’“”."
_PROSPECT_LABEL = re.compile(r"\b(?:prospect|account|opportunity)(?: name)?\s*[:=]\s*", re.IGNORECASE)


def read_brief(text: str, lexicon: Lexicon, *, today: date, activity: str | None = None) -> Need:
    """Read a brief against the compiled vocabulary; `activity` (a code) overrides what the text says of it.

    `today` anchors "next week" and the like. Deterministic, never fails on any text, keeps every place as offsets.
    """
    scope = text[:MAX_LETTERS]
    words = split_words(scope)
    money, amounts = find_money(scope)
    needed = find_date(scope, today)
    quantity = find_quantity(scope)
    taken = [*amounts, *([needed.span] if needed else [])]
    counts = [each for each in find_headcounts(scope) if not any(each.span.overlaps(span) for span in taken)]
    found = [*lexicon.find(words, is_shouted=is_shouted(words)), *match_headcounts(words, counts, lexicon)]
    matches = select_matches(words, found, taken)
    wishes = read_modes(words, matches)
    asked = find_activity(words, {at for match in matches if match.length > 1 for at in range(match.first, match.last)})
    if quantity is not None:
        taken.append(quantity.span)
    stems, leftover = _collect_words(words, wishes, asked, taken)
    return Need(
        text=text,
        readings=_build_readings(words, wishes.wishes),
        activity=activity or (asked.activity if asked else None),
        activity_span=_activity_span(words, asked, activity),
        activity_confidence=1.0 if activity else (asked.confidence if asked else 0.0),
        needed_by=needed.day if needed else None,
        needed_by_span=needed.span if needed else None,
        deal_value=money.value if money else None,
        currency=money.currency if money else "",
        money_span=money.span if money else None,
        quantity=quantity.count if quantity else None,
        prospect=_find_prospect(scope),
        words=stems,
        leftover=leftover,
    )


def _build_readings(words: Sequence[Word], wishes: Sequence[Wish]) -> tuple[Reading, ...]:
    """One reading per tag, the strictest and surest of its mentions, in text order; contradictions are doubted."""
    best: dict[int, Reading] = {}
    for wish in wishes:
        match, entry = wish.match, wish.match.entry
        start, end = words[match.first].start, words[match.last - 1].end
        confidence = round(wish.confidence, 3)
        reading = Reading(
            entry.tag_id, entry.facet, entry.name, confidence, start, end, match.method, wish.mode, wish.stress
        )
        known = best.get(entry.tag_id)
        if known is None:
            best[entry.tag_id] = reading
            continue
        stricter = min(known, reading, key=_strictness)
        if "not" in (known.mode, reading.mode) and known.mode != reading.mode:
            stricter = replace(stricter, confidence=min(stricter.confidence, DOUBTED))
        best[entry.tag_id] = stricter
    return tuple(sorted(best.values(), key=lambda each: (each.start, each.end, each.facet, each.tag_id)))


def _strictness(reading: Reading) -> tuple[int, float, float, int]:
    return (_PRECEDENCE[reading.mode], -reading.confidence, -reading.stress, reading.start)


def _collect_words(
    words: Sequence[Word], wishes: Wishes, asked: FoundActivity | None, taken: Sequence[Span]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the stems to search text with, and the content words that nothing understood, both in order and once."""
    read = {at for wish in wishes.wishes for at in range(wish.match.first, wish.match.last)}
    asking = set(range(asked.first, asked.last)) if asked else set()
    stems: dict[str, None] = {}
    leftover: dict[str, None] = {}
    for at, word in enumerate(words):
        if at in wishes.excluded_words or any(span.start <= word.start < span.end for span in taken):
            continue
        if not _is_content(word, is_read=at in read):
            continue
        if at not in asking or at in read:
            stems.setdefault(word.stem)
        if at not in read and at not in asking and at not in wishes.cue_words:
            leftover.setdefault(word.raw)
    return tuple(stems), tuple(leftover)


def _is_content(word: Word, *, is_read: bool) -> bool:
    if word.word in STOP_WORDS or word.word.isdigit() or len(word.word) < 2:
        return False
    return is_read or word.word not in REQUEST_WORDS


def _activity_span(words: Sequence[Word], asked: FoundActivity | None, given: str | None) -> Span | None:
    if asked is None or (given and given != asked.activity):
        return None
    return Span(words[asked.first].start, words[asked.last - 1].end)


def _find_prospect(text: str) -> str | None:
    """The prospect's name where it is labeled ("Prospect: Acme") or called so ("our prospect Acme")."""
    match = _PROSPECT.search(text)
    if match is None:
        labeled = _PROSPECT_LABEL.search(text)
        named = re.compile(r"[^\n.;,|]{2,60}").match(text, labeled.end()) if labeled else None
        return named.group().strip(_AROUND_NAMES) or None if named else None
    return (match["named"] or match["called"]).strip(_AROUND_NAMES) or None
