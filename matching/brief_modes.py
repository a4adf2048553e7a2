"""What a brief does with what it names: required, excluded, stressed or left open, each cue within its clause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from matching.need import STRESSED, Mode
from references.lexicon import Match
from references.words import Word

DOUBTED = 0.7
"""An exclusion of a compound ("not a London bank") is to be confirmed: it can mean the whole or a part."""

OPEN = 0.4
"""A region or industry that the brief itself leaves open ("any country") is the prospect's, not a wish."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A match with what the brief does with it; `confidence` is that of the match unless the wording lowers it."""

    match: Match
    confidence: float
    mode: Mode = "nice"
    stress: float = 1.0


@dataclass
class Wishes:
    """All matches of a brief under their modes, and the words that cues and exclusions took up."""

    wishes: list[Wish]
    cue_words: set[int] = field(default_factory=set)
    excluded_words: set[int] = field(default_factory=set)


def _phrases(text: str) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by their first word, the longest first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in text.split("|"):
        words = tuple(phrase.split())
        table.setdefault(words[0], []).append(words)
    return {first: sorted(each, key=len, reverse=True) for first, each in table.items()}


_HARMLESS = _phrases(
    "not only|not just|not merely|not necessarily|no longer|no more than|no less|no fewer|no later than|not yet"
    "|not sure|not too|whether or not|or not|if not|no problem|no doubt|not least|not long|not even|nothing else"
    "|not so|why not|no one else|nobody else|other than that|no rush|no hurry|not all|only if|only because"
    "|only after|only when|not afraid"
)
_NOT = _phrases(
    "not|no|never|except|except for|excluding|other than|apart from|aside from|but not|anything but|anyone but|nobody"
    "|no one|none|nothing|nor|neither|avoid|avoiding|rather than|instead of|non|don t|doesn t|isn t|aren t|won t"
    "|outside|exclude|leave out|skip|unlike|everyone but|everything but"
)
_UNSURE_NOT = frozenset({("rather", "than"), ("instead", "of"), ("outside",), ("unlike",)})
_SATED = _phrases(
    "have enough|has enough|got enough|have plenty of|has plenty of|already have|already has|have already|has already"
    "|already got|too many|no shortage of|not short of"
)
_PROOFS = frozenset("reference references customer customers story stories quote quotes case study studies".split())
_MUST = _phrases(
    "insist on|insists on|insisting on|strictly|exclusively|solely|nothing but|must have|mandatory|required"
)
_DUTY = _phrases("must|has to|have to|needs to|need to")
_DUTY_VERBS = frozenset("be have come speak work know run use operate sit understand live match cover".split())
_DUTY_SUBJECTS = frozenset(
    "it they he she reference references customer customers contact contacts person people speaker company peer "
    "peers someone who that one ones candidate story caller promoter champion voice this profile and but".split()
)
_MUST_AFTER = _phrases(
    "is a must|are a must|a must|is mandatory|is required|are required|required|mandatory|is essential|are essential"
    "|essential|non negotiable|is non negotiable|is a requirement|is a condition|only|is a hard requirement"
)
_UNWANTED = _phrases(
    "is not relevant|are not relevant|not relevant|irrelevant|is not wanted|are not wanted|not wanted|are excluded"
    "|is excluded|excluded|off limits|do not count|does not count|don t count|doesn t count|are out|not welcome"
    "|are not welcome|do not help|won t help|would not help|no thanks|won t do|aren t relevant|isn t relevant"
)
_NICE_AFTER = _phrases(
    "preferred|would be a bonus|is a bonus|would be nice|would be ideal|would be great|would be lovely|would be perfect"
    "|a plus|is a plus|if possible|nice to have|is nice to have|optional|would help|would be a plus"
)
_STRESS = _phrases("especially|particularly|in particular|above all|most importantly|crucially|importantly|most of all")
_CONTRAST = frozenset(
    "but though although however otherwise ideally preferably prefer prefers unless while whereas else yet because "
    "instead maybe perhaps possibly please so then since".split()
)
_OPEN_WORDS = {
    "region": frozenset("country countries region regions geography geographies geo location market place".split()),
    "industry": frozenset("industry industries sector sectors vertical verticals".split()),
    "size": frozenset(("size", "sizes")),
}
_OPEN_ALONE = frozenset(("anywhere", "wherever"))
_WITHIN = frozenset("in across within throughout inside of".split())
_LACKED = frozenset(("interest", "appetite", "desire", "wish", "need", "use", "time"))
_HAVING = frozenset(("has", "have", "had", "having", "got", "with"))
_FILLERS = frozenset(
    """a an the another any in from with of for to at our their his her its one more be being been is are interested
    interest appetite desire use wish want wants wanting looking look need needs like keen on into about us me give send
    show offer suggest include consider please anyone anybody someone somebody companies company people customers
    customer references reference again just simply really actually ever by based located either same kind type sort
    traditional typical big large small boring old pure classic third other those these such time contact contacts
    who works work working anyone""".split()
)
_JOINTS = frozenset(("or", "nor", "and"))
_CHAIN = frozenset("or nor and a an the any in from of another either".split())
_NOUNS = frozenset("people person references reference customers companies ones please peers folks team teams".split())


class _Brief:
    """The words and matches of one brief, asked by position."""

    def __init__(self, words: Sequence[Word], matches: Sequence[Match]) -> None:
        self.words = words
        self.wishes = [Wish(match, match.confidence) for match in matches]
        self.inside: dict[int, list[int]] = {}
        for number, match in enumerate(matches):
            for position in range(match.first, match.last):
                self.inside.setdefault(position, []).append(number)
        self.cues: set[int] = set()
        self.excluded: set[int] = set()

    def phrase(self, table: dict[str, list[tuple[str, ...]]], at: int) -> tuple[str, ...] | None:
        """The longest phrase of `table` at this word."""
        for phrase in table.get(self.words[at].word, ()):
            last = at + len(phrase)
            if last > len(self.words) or any(
                self.words[each].gap in ",." for each in range(at + 1, last) if self.words[each].gap
            ):
                continue
            if all(self.words[at + step].word == word for step, word in enumerate(phrase)):
                return phrase
        return None

    def ends_clause(self, at: int) -> bool:
        """True where a comma, a stop or a turn of thought stands before this word, or the text has ended."""
        return at >= len(self.words) or self.words[at].gap in (",", ".") or self.words[at].word in _CONTRAST

    def starting(self, at: int) -> list[int]:
        """Matches that cover this word."""
        return self.inside.get(at, [])

    def end_of(self, numbers: Iterable[int]) -> int:
        return max(self.wishes[number].match.last for number in numbers)

    def covered(self, number: int) -> range:
        """Positions of the words of a match."""
        return range(self.wishes[number].match.first, self.wishes[number].match.last)

    def clause_start(self, at: int) -> int:
        while at > 0 and not (self.words[at].gap in (",", ".") or self.words[at].word in _CONTRAST):
            at -= 1
        return at

    def set(self, numbers: Iterable[int], **changes: object) -> None:
        for number in numbers:
            self.wishes[number] = replace(self.wishes[number], **changes)  # type: ignore[arg-type]


def read_modes(words: Sequence[Word], matches: Sequence[Match]) -> Wishes:
    """Decide for each match whether the brief wishes, requires or excludes it; cues inside a match are no cues."""
    brief = _Brief(words, matches)
    at = 0
    while at < len(words):
        if at in brief.inside and words[at].word not in ("non",):
            at += 1
            continue
        at = _read_cue(brief, at)
    _open_facets(brief)
    return Wishes([wish for wish in brief.wishes if wish.confidence > 0], brief.cues, brief.excluded)


def _read_cue(brief: _Brief, at: int) -> int:
    """Apply the cue at this word, if one stands there, and give the next word to look at."""
    if phrase := brief.phrase(_HARMLESS, at):
        brief.cues.update(range(at, at + len(phrase)))
        return at + len(phrase)
    if phrase := brief.phrase(_UNWANTED, at):
        unwanted = _back(brief, at, nearest=True)
        brief.set(unwanted, mode="not", stress=1.0)
        brief.cues.update(range(at, at + len(phrase)))
        brief.excluded.update(each for number in unwanted for each in brief.covered(number))
        return at + len(phrase)
    if phrase := brief.phrase(_SATED, at):
        return _sate(brief, at, phrase)
    if phrase := brief.phrase(_NOT, at):
        return _exclude(brief, at, phrase)
    if phrase := brief.phrase(_NICE_AFTER, at):
        brief.set(_back(brief, at), mode="nice")
        brief.cues.update(range(at, at + len(phrase)))
        return at + len(phrase)
    if phrase := brief.phrase(_STRESS, at):
        brief.cues.update(range(at, at + len(phrase)))
        brief.set(_ahead(brief, at + len(phrase)), stress=STRESSED)
        return at + len(phrase)
    if brief.words[at].word == "first" and at and brief.ends_clause(at + 1) and (at - 1) in brief.inside:
        brief.set(brief.starting(at - 1), stress=STRESSED)
        return at + 1
    return _require(brief, at)


def _require(brief: _Brief, at: int) -> int:
    if phrase := brief.phrase(_MUST, at):
        after = at + len(phrase)
        found = [] if brief.ends_clause(after) else _ahead(brief, after)
        if found and (phrase not in (("required",), ("mandatory",)) or brief.words[at].gap in (",", ".")):
            return _must(brief, found, at, after)
    if phrase := brief.phrase(_DUTY, at):
        after = at + len(phrase)
        if after < len(brief.words) and brief.words[after].word in _DUTY_VERBS and _is_about_reference(brief, at):
            if not (after + 1 < len(brief.words) and brief.words[after + 1].word == "not"):
                return _must(brief, _ahead(brief, after), at, after)
            return after + 1
    if phrase := brief.phrase(_MUST_AFTER, at):
        after = at + len(phrase)
        if phrase == ("only",):
            return _only(brief, at)
        return _must(brief, _back(brief, at, nearest=True), at, after)
    return at + 1


def _only(brief: _Brief, at: int) -> int:
    """ "only banks" and "banks only"."""
    chain, _ = _chain(brief, at + 1)
    if chain and not brief.ends_clause(at + 1):
        return _must(brief, chain, at, at + 1)
    if brief.ends_clause(at + 1):
        return _must(brief, _back(brief, at, nearest=True), at, at + 1)
    return at + 1


def _must(brief: _Brief, numbers: Sequence[int], at: int, after: int) -> int:
    sure = [number for number in numbers if brief.wishes[number].mode != "not"]
    brief.set(sure, mode="must", stress=STRESSED)
    brief.cues.update(range(at, after))
    return after


def _is_about_reference(brief: _Brief, at: int) -> bool:
    """True where the subject of a duty is the reference and not the prospect: "it must be", not "the supplier must"."""
    return at == 0 or brief.words[at].gap in (",", ".") or brief.words[at - 1].word in _DUTY_SUBJECTS


def _ahead(brief: _Brief, at: int) -> list[int]:
    """Matches from here to the end of the clause."""
    found: list[int] = []
    start = at
    while at < len(brief.words) and (at == start or not brief.ends_clause(at)):
        found.extend(number for number in brief.starting(at) if number not in found)
        at += 1
    return found


def _back(brief: _Brief, at: int, *, nearest: bool = False) -> list[int]:
    """Matches before this word in its clause; with `nearest` only those right before it, nouns like "people" apart."""
    if brief.words[at].gap in (",", "."):
        return []
    start = brief.clause_start(at - 1) if at else 0
    if not nearest:
        return [number for each in range(start, at) for number in brief.starting(each)]
    while at > start and at - 1 not in brief.inside and brief.words[at - 1].word in _NOUNS:
        at -= 1
    found: list[int] = []
    while at > start and (at - 1 in brief.inside or (found and brief.words[at - 1].word in _JOINTS)):
        found.extend(number for number in brief.starting(at - 1) if number not in found)
        at -= 1
    return found


def _exclude(brief: _Brief, at: int, phrase: tuple[str, ...]) -> int:
    after = at + len(phrase)
    if brief.phrase(_HARMLESS, at):
        return after
    if phrase == ("non",):
        chain, last = (brief.starting(after), after + 1) if after < len(brief.words) else ([], after)
        chain = [number for number in chain if brief.wishes[number].match.first == after]
    else:
        chain, last = _chain(brief, after)
    if not chain:
        return after
    brief.excluded.update(range(at, last))
    if phrase == ("no",) and _is_lack(brief, at, after):
        brief.set(chain, confidence=0.0)
        return last
    facets = [brief.wishes[number].match.entry.facet for number in chain]
    ceiling = DOUBTED if len(set(facets)) > 1 or phrase in _UNSURE_NOT else 1.0
    for number in chain:
        confidence = min(brief.wishes[number].confidence, ceiling)
        brief.set([number], mode="not", confidence=confidence, stress=1.0)
    return last


def _sate(brief: _Brief, at: int, phrase: tuple[str, ...]) -> int:
    """ "We have enough fashion references": no wish for more, to be confirmed as an exclusion."""
    after = at + len(phrase)
    chain, last = _chain(brief, after)
    if not chain or last >= len(brief.words) or brief.words[last].word not in _PROOFS:
        return after
    for number in chain:
        brief.set([number], mode="not", confidence=min(brief.wishes[number].confidence, DOUBTED), stress=1.0)
    brief.excluded.update(range(at, last + 1))
    return last + 1


def _is_lack(brief: _Brief, at: int, after: int) -> bool:
    """True for what someone does not have ("has volunteers, no IT staff"), which excludes nobody."""
    if after < len(brief.words) and brief.words[after].word in _LACKED:
        return False
    begin = at
    while begin > 0 and brief.words[begin].gap != "." and at - begin < 8:
        begin -= 1
        if brief.words[begin].word in _CONTRAST:
            return False
    return any(brief.words[each].word in _HAVING for each in range(begin, at))


def _chain(brief: _Brief, at: int) -> tuple[list[int], int]:
    """Matches that a cue governs: the first after a few small words, then those joined by "or" or a list's commas."""
    start = at
    while at < len(brief.words) and at not in brief.inside:
        if (at > start and brief.ends_clause(at)) or brief.words[at].gap == "." or at - start > 7:
            return [], at
        if brief.words[at].word not in _FILLERS:
            return [], at
        at += 1
    if at >= len(brief.words) or brief.words[at].gap in (".",) or (at == start and brief.words[at].gap == ","):
        return [], at
    found: list[int] = []
    while True:
        found.extend(number for number in brief.starting(at) if number not in found)
        at = brief.end_of(brief.starting(at))
        following = _next_link(brief, at)
        if following is None:
            return found, at
        at = following


def _next_link(brief: _Brief, at: int) -> int | None:
    """The next word of a chain that a match covers, when only joints stand between; a comma needs an "or" to come."""
    step, joined = at, False
    while step < len(brief.words) and step not in brief.inside and brief.words[step].word in _CHAIN:
        if brief.words[step].gap == "." or (brief.words[step].gap == "," and brief.words[step].word not in _JOINTS):
            return None
        joined = joined or brief.words[step].word in _JOINTS
        step += 1
    if step >= len(brief.words) or step not in brief.inside or brief.words[step].gap == ".":
        return None
    if brief.words[step].gap != "," or joined:
        return step
    beyond = brief.end_of(brief.starting(step))
    is_list = beyond < len(brief.words) and (
        brief.words[beyond].word in _JOINTS or (brief.words[beyond].gap == "," and beyond in brief.inside)
    )
    return step if is_list and _next_link(brief, beyond) is not None else None


def _open_facets(brief: _Brief) -> None:
    """Lower what the brief leaves open: "any country" says that a region named elsewhere is only the prospect's.

    "Anywhere in Europe" leaves open all but Europe.
    """
    for at, word in enumerate(brief.words):
        following = brief.words[at + 1].word if at + 1 < len(brief.words) else ""
        facets = ["region"] if word.word in _OPEN_ALONE else []
        if word.word in ("any", "whatever", "which", "whichever"):
            before = brief.words[at - 1].word if at else ""
            is_open = word.word != "which" or before in ("matter", "irrespective", "regardless")
            facets = [facet for facet, names in _OPEN_WORDS.items() if following in names and is_open]
        elif word.word == "regardless" or (word.word == "irrespective"):
            near = {each.word for each in brief.words[at : at + 5]}
            facets = [facet for facet, names in _OPEN_WORDS.items() if names & near]
        for facet in facets:
            brief.cues.update((at, at + 1) if following in _OPEN_WORDS[facet] else (at,))
            bounds = _bounds(brief, at + (2 if following in _OPEN_WORDS[facet] else 1))
            for number, wish in enumerate(brief.wishes):
                if wish.match.entry.facet == facet and wish.mode == "nice" and number not in bounds:
                    brief.set([number], confidence=min(wish.confidence, OPEN))


def _bounds(brief: _Brief, at: int) -> list[int]:
    """Matches that "in" here ties an openness to: "anywhere in Europe", "any country in Asia or Africa"."""
    if at >= len(brief.words) or brief.words[at].word not in _WITHIN or brief.ends_clause(at):
        return []
    return _chain(brief, at + 1)[0]
