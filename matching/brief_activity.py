"""Which activity a brief asks for: the activities' own names, and everyday cues that count only in fitting company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from references.activities import ACTIVITIES
from references.words import Word

LEAST = 0.5
"""Below this confidence no activity is read."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for an activity, unless one of `not_after` stands before or one of `not_before` behind them."""

    words: tuple[str, ...]
    activity: str
    confidence: float
    not_after: frozenset[str] = frozenset()
    not_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """An activity read in words[first:last]."""

    activity: str
    confidence: float
    first: int
    last: int


_SINGLE = (
    ("reference", "call", 0.6),
    ("call", "call", 0.85),
    ("phone", "call", 0.7),
    ("quote", "quote", 0.9),
    ("testimonial", "quote", 0.95),
    ("video", "video", 0.55),
    ("filmed", "video", 0.8),
    ("keynote", "speaking", 0.95),
    ("panel", "speaking", 0.85),
    ("panelist", "speaking", 0.95),
    ("panellist", "speaking", 0.95),
    ("speaker", "speaking", 0.9),
    ("conference", "speaking", 0.8),
    ("summit", "speaking", 0.8),
    ("event", "speaking", 0.6),
    ("webinar", "webinar", 0.95),
    ("podcast", "webinar", 0.9),
    ("roundtable", "group_call", 0.95),
    ("story", "case_study", 0.5),
    ("blog", "case_study", 0.6),
    ("article", "case_study", 0.6),
    ("visit", "site_visit", 0.7),
    ("logo", "logo", 0.9),
    ("press", "press", 0.6),
    ("journalist", "press", 0.9),
    ("reporter", "press", 0.9),
    ("analyst", "analyst", 0.5),
    ("gartner", "analyst", 0.8),
    ("forrester", "analyst", 0.8),
    ("idc", "analyst", 0.8),
    ("review", "review", 0.5),
    ("capterra", "review", 0.9),
    ("trustradius", "review", 0.9),
    ("g2", "review", 0.9),
    ("beta", "beta", 0.85),
    ("introduction", "referral", 0.6),
    ("survey", "survey", 0.5),
)
_NOT_AFTER = {
    "call": "on conference cold support sales roll video to would can we they i you will please could",
    "phone": "mobile smart cell",
    "quote": "price insurance sales product configure instant",
    "video": "subscription online live mobile social user streaming",
    "panel": "solar control operator touch instrument research flat display",
    "speaker": "smart loud native",
    "conference": "video web audio press",
    "event": "the in live major",
    "webinar": "reference",
    "story": "user",
    "visit": "patient doctor home web website",
    "press": "printing hydraulic filter punch",
    "analyst": "business data systems financial security reporting credit risk process",
    "review": "code design peer security architecture contract performance data document",
    "survey": "land market employee geological customer",
}
_NOT_BEFORE = {
    "reference": "architecture data implementation number model",
    "call": "center centre centers centres routing deflection for it me us him them back volume handling agent agents "
    "out recording log operator this that themselves off",
    "phone": "data records usage bill bills app apps payment payments maker company operator number system",
    "quote": "to engine process management generation request tool tools system automation",
    "video": "app apps platform platforms service services streaming game games conferencing conference surveillance "
    "analytics content player call calls on",
    "panel": "software builder maker data meter online door",
    "speaker": "maker system systems",
    "speak": "about to with",
    "in": "english french german spanish italian dutch mandarin japanese portuguese arabic russian chinese",
    "conference": "room rooms call calls system software phone",
    "summit": "county",
    "event": "streaming driven sourcing hub hubs processing bus data log store app company organizer organiser "
    "management of ticketing venue",
    "webinar": "software platform",
    "podcast": "network app platform",
    "story": "points",
    "blog": "platform platforms software",
    "visit": "management scheduling scheduler",
    "press": "maker machine machines brake operator shop fit",
    "analyst": "team",
    "gartner": "peer",
    "review": "board process management software team tool",
    "introduction": "of",
    "survey": "software tool platform company equipment",
}
_SEVERAL = (
    ("speak to", "call", 0.65), ("speak with", "call", 0.65), ("talk to", "call", 0.65), ("talk with", "call", 0.65),
    ("chat with", "call", 0.65), ("on the phone", "call", 0.9), ("by phone", "call", 0.9), ("peer call", "call", 0.95),
    ("customer call", "call", 0.9), ("reference customer", "call", 0.65), ("customer reference", "call", 0.65),
    ("take a call", "call", 0.95), ("jump on a call", "call", 0.95), ("short call", "call", 0.95),
    ("on video", "video", 0.95), ("video reference", "video", 0.95), ("video interview", "video", 0.95),
    ("short video", "video", 0.9), ("customer video", "video", 0.95), ("video clip", "video", 0.9),
    ("on stage", "speaking", 0.95), ("speak at", "speaking", 0.95), ("speak in", "speaking", 0.7),
    ("may speak", "speaking", 0.6), ("could speak", "speaking", 0.6), ("will speak", "speaking", 0.6),
    ("speaking slot", "speaking", 0.95),
    ("talk at", "speaking", 0.8), ("present at", "speaking", 0.8), ("user conference", "speaking", 0.95),
    ("panel discussion", "speaking", 0.95), ("conference call", "call", 0.9), ("press conference", "press", 0.9),
    ("press release", "press", 0.85), ("round table", "group_call", 0.9), ("peer roundtable", "group_call", 0.95),
    ("group reference", "group_call", 0.95), ("panel online", "webinar", 0.95), ("white paper", "case_study", 0.6),
    ("visit their site", "site_visit", 0.9), ("on site", "site_visit", 0.6), ("come and see", "site_visit", 0.9),
    ("visit the plant", "site_visit", 0.9), ("plant visit", "site_visit", 0.95), ("see it live", "site_visit", 0.7),
    ("site reference", "site_visit", 0.95), ("factory tour", "site_visit", 0.95), ("factory visit", "site_visit", 0.95),
    ("advisory council", "advisory", 0.95), ("introduce us", "referral", 0.8), ("peer review site", "review", 0.9),
    ("gartner peer insights", "review", 0.95), ("public review", "review", 0.9), ("g2 review", "review", 0.95),
    ("linkedin post", "share", 0.9), ("social post", "share", 0.9), ("share on linkedin", "share", 0.95),
    ("beta customer", "beta", 0.95), ("press quote", "quote", 0.95), ("media interview", "press", 0.95),
    ("early access", "beta", 0.7), ("pilot customer", "beta", 0.7), ("satisfaction survey", "survey", 0.6),
)  # fmt: skip
_OFFICIAL = 0.95
_BREAKS = (",", ".")  # gaps; the first word opens a sentence
_SKIPPED = frozenset({"lead", "event", "share", "cab", "nps", "reference", "video", "panel", "conference", "logo"})


def build_cues() -> dict[str, list[Cue]]:
    """Give the cues by their first word, the longest first: those above, and the names in the table of activities."""
    cues = [
        Cue(
            (word,),
            activity,
            confidence,
            frozenset(_NOT_AFTER.get(word, "").split()),
            frozenset(_NOT_BEFORE.get(word, "").split()),
        )
        for word, activity, confidence in _SINGLE
    ]
    known = {cue.words for cue in cues}
    for text, activity, confidence in _SEVERAL:
        words = tuple(text.split())
        cues.append(Cue(words, activity, confidence, not_before=frozenset(_NOT_BEFORE.get(words[-1], "").split())))
    for each in ACTIVITIES:
        for name in (each.label, *each.also):
            words = tuple(name.lower().replace("-", " ").split())
            if words not in known and not (len(words) == 1 and words[0] in _SKIPPED):
                cues.append(Cue(words, each.code, _OFFICIAL))
    table: dict[str, list[Cue]] = {}
    for cue in sorted(cues, key=lambda cue: -len(cue.words)):
        table.setdefault(cue.words[0], []).append(cue)
    return table


_CUES = build_cues()


def find_activity(
    words: Sequence[Word], taken: set[int], cues: Mapping[str, Sequence[Cue]] = _CUES
) -> FoundActivity | None:
    """Give the surest activity, the earlier of two equals; words in `taken` belong to a tag of several words."""
    best: FoundActivity | None = None
    at = 0
    while at < len(words):
        found = _at(words, at, taken, cues)
        if found is None:
            at += 1
            continue
        if found.confidence >= LEAST and (best is None or found.confidence > best.confidence):
            best = found
        at = found.last
    return best


def _at(words: Sequence[Word], at: int, taken: set[int], cues: Mapping[str, Sequence[Cue]]) -> FoundActivity | None:
    for key in dict.fromkeys((words[at].word, _singular(words[at].word))):
        for cue in cues.get(key, ()):
            last = at + len(cue.words)
            if last > len(words) or not taken.isdisjoint(range(at, last)):
                continue
            if any(_singular(words[at + step].word) != _singular(word) for step, word in enumerate(cue.words)):
                continue
            before, behind = _words_before(words, at)[-1:], _word_behind(words, last)
            if cue.not_after.isdisjoint(before) and behind not in cue.not_before and not _is_declined(words, at, last):
                return FoundActivity(cue.activity, cue.confidence, at, last)
    return None


def _is_declined(words: Sequence[Word], first: int, last: int) -> bool:
    """True for "no keynote", "not a keynote" and "keynote not needed"; "No. A keynote" declines something else."""
    before = _words_before(words, first)
    while before and before[-1] in ("a", "an", "another", "the", "any"):
        before.pop()
    return not {"no", "not", "without"}.isdisjoint(before[-1:]) or _word_behind(words, last) in ("not", "unnecessary")


def _words_before(words: Sequence[Word], first: int) -> list[str]:
    """Two words at most before words[first], none of them beyond a comma or the end of a sentence."""
    at = first
    while at > first - 2 and words[at].gap not in _BREAKS:
        at -= 1
    return [word.word for word in words[at:first]]


def _word_behind(words: Sequence[Word], last: int) -> str:
    """The word that goes on at words[last]; "" behind a comma or the end of a sentence."""
    return words[last].word if last < len(words) and words[last].gap not in _BREAKS else ""


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
