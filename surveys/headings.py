"""Judges headings of survey exports: how likely each tells of the score, the day or the comment of an answer."""

import re
from functools import lru_cache

from references.importing.aliases import ALIASES, squeeze
from references.text import fold

NONE, WEAK, FAIR, STRONG = range(4)

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LIKELY = ("likel", "probab", "wahrschein", "vraisembl", "waarschijn")
_RECOMMEND = ("recommend", "recomend", "recomien", "recommand", "empfehl", "weiterempf", "aanbev", "consigli", "raccom")
_QUESTION_WORDS = 7
"""A heading of so many words is a question in full, which may hold any word."""

_SCORE_WORDS = frozenset("score rating ratings answer grade note puntuacion bewertung".split())
_BESIDE_SCORE = _SCORE_WORDS | frozenset(
    """nps net promoter survey response question customer client user respondent your the of out overall final raw
    value number numeric original given to us our was is a 0 1 10 q""".split()
)
_NOT_THE_SCORE = frozenset(
    """group category segment type class bucket label comment comments reason feedback verbatim date time day id email
    name why previous prior last target goal average avg mean benchmark delta change trend count times many often total
    owner status csat ces satisfaction satisfied effort easy health lead risk sentiment credit engagement loyalty url
    link key tag tags explanation language""".split()
)
_NEVER_THE_SCORE = frozenset("group category segment type class bucket comment comments reason why".split())

_ANSWERED = frozenset(
    """responded answered response answer submitted submit submission completed completion recorded recordeddate end
    survey surveyed replied rated rating nps respuesta antwort reponse umfrage encuesta""".split()
)
_WHEN = frozenset("date time timestamp datetime day at on datum fecha zeitstempel horodateur".split())
_NOT_ITS_DAY = frozenset(
    """birth birthday birthdate dob renewal signup sign contract due expiry expires expiration sent send delivered
    opened invited updated modified last first joined registered registration since order purchase purchased hire
    hired login next previous follow close closed graduation visit departure arrival scheduled bounced reminder
    unsubscribed trial churn churned cancelled canceled""".split()
)

_COMMENT_WORDS = frozenset(
    """comment comments feedback verbatim freetext remark remarks reason reasons explanation kommentar kommentare
    commentaire commentaires comentario comentarios begrundung opmerking commento commenti motivo motivos""".split()
)
_NOT_THE_COMMENT = frozenset(
    """count date time id by tag tags topic topics sentiment type category group language url link status score length
    owner code author""".split()
)
_ASKING = frozenset("why what how warum pourquoi que perche".split())
_ASKED = frozenset("improve better reason score why main primary tell rating".split())


@lru_cache(maxsize=4096)
def split_heading(heading: str) -> tuple[str, ...]:
    """Give the folded words of a heading: "Likelihood.to.recommend", "npsScore" and "NPS_RATING" have several."""
    spaced = re.sub(r"[\W_]+", " ", _CAMEL.sub(" ", heading))
    return tuple(re.findall(r"[a-z]+|\d+", fold(spaced)))


def rank_score(heading: str) -> int:
    """How surely a heading asks for the 0–10 score: the question itself, recommending at all, any score; or not."""
    words = split_heading(heading)
    known = set(words)
    is_question = len(words) >= _QUESTION_WORDS
    if not words or words[-1] in _NEVER_THE_SCORE or words[0] == "why":
        return NONE
    if {"many", "times", "often"} & known or (not is_question and known & _NOT_THE_SCORE):
        return NONE
    recommends = _has_stem(words, _RECOMMEND)
    if recommends and (_has_stem(words, _LIKELY) or known & _SCORE_WORDS or {"0", "10"} <= known):
        return STRONG
    if ("nps" in known or {"net", "promoter"} <= known) and (is_question or _is_plain(known)):
        return STRONG
    if recommends:
        return FAIR
    if is_question:
        return WEAK if {"0", "10"} <= known else NONE
    return WEAK if known & _SCORE_WORDS and _is_plain(known) else NONE


def rank_day(heading: str) -> int:
    """How surely a heading names the day of the answer: says so, says "date" alone, or names a date of something."""
    words = split_heading(heading)
    known = set(words)
    if not words or known & _NOT_ITS_DAY or len(words) >= _QUESTION_WORDS:
        return NONE
    if known & _ANSWERED and known & _WHEN:
        return STRONG + 1
    if known <= _WHEN | {"utc", "gmt", "and", "the", "of"}:
        return STRONG
    if known & {"created", "creation", "received"}:
        return FAIR
    if known & _ANSWERED:
        return FAIR
    return WEAK if known & {"date", "timestamp", "datetime", "datum", "fecha"} else NONE


def rank_comment(heading: str) -> int:
    """How surely a heading asks why: a comment on the score, a comment, or an open question on what to improve."""
    words = split_heading(heading)
    known = set(words)
    is_question = len(words) >= _QUESTION_WORDS
    if not words or (not is_question and known & _NOT_THE_COMMENT and not {"reason", "why"} & known):
        return NONE
    if known & _COMMENT_WORDS or squeeze(heading) in {"freetext", "openended", "openendedresponse", "followupresponse"}:
        return STRONG if known & {"nps", "score", "rating", "recommend"} or len(words) <= 2 else FAIR
    if words[0] in {"why", "warum", "pourquoi"}:
        return FAIR
    if (words[0] in _ASKING or is_question) and known & _ASKED and rank_score(heading) == NONE:
        return WEAK
    return NONE


_PERSON_FIELDS = {"promoter": "name"} | {
    field: field for field in ("email", "first_name", "last_name", "customer", "external_id")
}
_MORE_PERSON = {
    "recipientemail": "email",
    "customeremail": "email",
    "respondentemail": "email",
    "emailid": "email",
    "youremail": "email",
    "youremailaddress": "email",
    "recipientfirstname": "first_name",
    "recipientlastname": "last_name",
    "name": "name",
    "respondent": "name",
    "respondentname": "name",
    "recipientname": "name",
    "yourname": "name",
    "externalreference": "external_id",
    "externaldatareference": "external_id",
    "salesforceid": "external_id",
    "salesforcecontactid": "external_id",
    "hubspotcontactid": "external_id",
    "crmcontactid": "external_id",
    "companydomain": "",
}
_NOT_IDS = frozenset({"personid", "recordid", "leadid"})  # a survey tool's own ids, not the CRM's


def find_person_field(heading: str) -> str:
    """Which part of a person a heading names: email, external_id, name, first_name, last_name, customer; else ""."""
    name = squeeze(heading)
    if name in _MORE_PERSON:
        return _MORE_PERSON[name]
    if name in _NOT_IDS or name not in ALIASES:
        return ""
    return _PERSON_FIELDS.get(ALIASES[name][0], "")


_PRIVATE = frozenset(
    """email mail phone mobile telephone tel fax ip ipaddress address street zip postcode latitude longitude firstname
    lastname fullname surname password token url link birthday dob""".split()
)


def is_private(heading: str) -> bool:
    """Whether a heading names what tells who somebody is or where to reach them: never kept beside an answer."""
    words = split_heading(heading)
    return bool(_PRIVATE & {*words, squeeze(heading)}) or find_person_field(heading) not in {"", "customer"}


def _has_stem(words: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stems) for word in words)


def _is_plain(known: set[str]) -> bool:
    return all(word in _BESIDE_SCORE or word.isdigit() for word in known)
