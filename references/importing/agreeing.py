"""Recognizes columns that say yes or no to one activity, "Willing to do a site visit", and reads their cells."""

import re
from functools import lru_cache

from references.activities import CODES
from references.importing.cells import ACTIVITY_BY_NAME, parse_boolean
from references.importing.errors import CellError
from references.text import fold_name

_LEFT_IN_USE = ("logo", "quote", "review", "case_study", "video", "webinar")
AGREES: dict[str, str] = {f"agrees_to_{code}": code for code in CODES}
"""The fields that say whether a person is willing, each with its activity: an opt-in."""
PERMITS: dict[str, str] = {f"permits_{code}": code for code in _LEFT_IN_USE}
"""The fields that say whether what an activity leaves behind may be used: a no ends a consent, a yes is an opt-in."""
YES_OR_NO: tuple[str, ...] = (*AGREES, *PERMITS)

_LONGEST = 90
_OF_SALESFORCE = re.compile(r"__[cr]\b", re.IGNORECASE)


def _any(words: str) -> str:
    """A pattern for any of these, which commas separate."""
    return "(?:" + "|".join(" ".join(word.split()) for word in words.split(",")) + ")"


_FOR = _any(
    """to, for, in, with, zu, be, do, doing, give, giving, join, joining, host, hosting, take part, participate,
    participating, serve, act, provide, sit, record, make, write, writing, of, on, as, at, a, an, the, our, their,
    another, us"""
)
_ASKED = r"(?:are|is|would|will|do|does|can|may) (?:you|they|(?:the )?(?:customer|contact))"
_BEING_WILLING = _any(
    """willing, willingness, will, would, happy, open, agree, agrees, agreed, able, available, interested, prepared,
    ready, ok, okay, opt in, opted in, participates?, can, may, bereit"""
)
_WILLING = re.compile(rf"^(?:{_ASKED}(?: (?:be )?{_BEING_WILLING})?|{_BEING_WILLING})(?: {_FOR})*\b")
_WILLING_AFTER = re.compile(
    " " + _any("willing, willingness, available, availability, agreed, opt in, opted in, participation, interest") + "$"
)
_PERMITTED = re.compile(
    "^"
    + _any("permission, permitted, consent, consents, approval, approved, allowed, rights?, release, may we, can we")
    + r"(?: (?:use|company|customer|your|for|to|of|the|their|a|on|in))*\b"
)
_PERMITTED_AFTER = re.compile(
    r"(?: (?:usage|use))? "
    + _any(
        """permissions?, permitted, approved, approval, allowed, consent, consented, rights?, release, release signed,
        freigabe, freigegeben, autorise, autorizado, ok, okay"""
    )
    + "$"
)
_ABOUT_IT = re.compile(" " + _any("date, on, when, by, link, url, notes?, count, number, status, until, reason") + "$")
_YES_NO = re.compile(" " + _any("y n, yes no, j n, ja nein, o n, s n") + "$")
_BEFORE = re.compile(r"^(?:reference|ref|advocate|advocacy) (?=(?:willing|agree|available|permission)\w*\b)")
_SPOKEN: dict[str, str] = {
    name.strip(): code
    for code, names in {
        "call": """call, calls, take calls, take a call, take reference calls, talk to prospects, speak to prospects,
            speak with prospects, referenzgesprach, referenzanruf, appel de reference, llamada de referencia""",
        "speaking": """speak, speak at event, speak at events, speak at an event, speak at conferences, present,
            speaking at events, speak publicly""",
        "quote": "be quoted, quoted, quoting, written testimonial, zitat",
        "video": "be on camera, film, be filmed, filmed",
        "press": "talk to press, talk to the press, speak to press, talk to media, speak to media, press release",
        "analyst": "talk to analysts, speak to analysts, analysts",
        "site_visit": """visit, visits, host visits, site tour, on site visits, onsite visits, reference visit,
            reference visits, referenzbesuch, visite de site, visita""",
        "logo": "company logo, name and logo, use logo, use of logo, logo on website, logo on slides",
        "case_study": "written case study, anwenderbericht, etude de cas, caso de exito",
        "review": "online review, peer reviews",
    }.items()
    for name in names.split(",")
}
# What says enough without a word of being willing; "Event" or "Story" alone are columns of something else.
_ALONE = frozenset(
    name.strip()
    for name in """reference call, reference calls, phone reference, telephone reference, live reference, peer call,
        customer call, logo, logos, logo use, logo usage, company logo, use of logo, site visit, site visits,
        on site visit, onsite visit, on site reference, reference visit, reference visits, webinar, webinars,
        reference webinar, group call, advisory board, customer advisory board, analyst call, analyst interview,
        analyst briefing, press interview, media interview, speaking, speaking engagement, speaking engagements,
        speaking event, speaking opportunity, video testimonial, video reference, video case study,
        written case study, g2 review, peer review, beta test, referenzgesprach, referenzanruf, referenzbesuch,
        appel de reference, visite de site, llamada de referencia""".split(",")
)


@lru_cache(maxsize=8192)
def recognize_agreement(heading: str, *, alone: bool = False) -> str | None:
    """The field of a heading that asks for a yes or no to one activity, or None.

    Only with `alone` the bare name of an activity counts, where it can mean nothing else.
    """
    if len(heading) > _LONGEST:
        return None
    asked = fold_name(_OF_SALESFORCE.sub("", heading).replace("_", " ").replace("&", " and "))
    said = _BEFORE.sub("", _YES_NO.sub("", re.sub(r"\Bfreigabe$", " freigabe", asked)))
    if _ABOUT_IT.search(said):
        return None
    for pattern in (_PERMITTED, _PERMITTED_AFTER):
        if code := _name_rest(said, pattern):
            return f"permits_{code}" if f"permits_{code}" in PERMITS else f"agrees_to_{code}"
    for pattern in (_WILLING, _WILLING_AFTER):
        if code := _name_rest(said, pattern):
            return f"agrees_to_{code}"
    is_clear = _YES_NO.search(asked) or (alone and said in _ALONE)
    code = _name_activity(said) if is_clear else None
    return f"agrees_to_{code}" if code else None


def _name_rest(said: str, pattern: re.Pattern[str]) -> str | None:
    """The activity that a heading names beside what `pattern` finds in it."""
    rest = pattern.sub("", said).strip()
    return _name_activity(rest) if rest != said else None


def _name_activity(words: str) -> str | None:
    return _SPOKEN.get(words) or ACTIVITY_BY_NAME.get(words) or ACTIVITY_BY_NAME.get(words.removesuffix("s"))


_YES = frozenset(
    name.strip()
    for name in """ok, okay, allowed, allow, approved, willing, available, opted in, opt in, yes please, permitted,
        signed, confirmed, accepted, freigegeben""".split(",")
)
_NO = re.compile(
    r"^(?:no|not|never|nein|nicht|non|ne|do not|don t|declin\w*|unwilling|denied|refus\w*|revoked|withdrawn|"
    r"reject\w*|disallow\w*|stop|opted out|opt out|forbidden|prohibited|expired|abgelehnt|unavailable|inactive)\b"
)
_OPEN = re.compile(r"^not (?:yet|asked|known|sure|set|started|applicable|decided|discussed)\b")
_TICKS, _CROSSES = frozenset({"✅", "☑", "✔️"}), frozenset({"❌", "✗", "✘", "☐", "☒"})


def parse_agreement(text: str) -> bool:
    """Read a yes or a no; of several answers in a cell a no holds. Raises CellError for whatever is neither."""
    verdicts = [_judge(part) for part in re.split(r"[|;]", text) if part.strip()]
    if False in verdicts:
        return False
    if None in verdicts or not verdicts:
        raise CellError("says neither yes nor no, so nothing was agreed by it", "yes or no")
    return True


def _judge(text: str) -> bool | None:
    plain, words = text.strip(), fold_name(text)
    verdict = parse_boolean(plain)
    if verdict is not None:
        return verdict
    if plain in _CROSSES or (_NO.match(words) and not _OPEN.match(words)):
        return False
    return True if plain in _TICKS or words in _YES else None
