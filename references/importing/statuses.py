"""Reads what a CRM says of a whole record: that it is deleted there, or whether its person may be asked at all."""

import re

from references.importing import dates
from references.importing.cells import parse_boolean
from references.importing.errors import CellError
from references.text import fold_name

AVAILABLE, PAUSED, RETIRED, OPTED_OUT = "available", "paused", "retired", "opted_out"

_DELETED = frozenset(
    "deleted archived inactive removed trashed in trash geloscht archiviert inaktiv supprime archive inactif".split()
) | {"in trash", "in recycle bin", "eliminado", "archivado", "inactivo"}
_KEPT = frozenset("active open live current aktiv actif activo".split()) | {"not deleted", "not archived"}


def parse_deleted(text: str) -> bool:
    """Read whether a record is deleted in the CRM: yes, a word for it, or the day on which it was. Raises CellError."""
    return any(list(map(_is_deleted, filter(str.strip, text.split("|")))))


def _is_deleted(text: str) -> bool:
    verdict = parse_boolean(text.strip())
    words = fold_name(text)
    if verdict is not None or words in _DELETED or words in _KEPT:
        return bool(verdict) or words in _DELETED
    try:
        dates.parse_date(text.strip())
    except CellError:
        raise CellError("does not say whether the record is deleted", "yes or no") from None
    return True


# The first that a status holds decides; whatever says no stands before what says yes.
_STATUSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (OPTED_OUT, re.compile(r"\b(?:do not contact|don t contact|opt(?:ed)? out|unsubscribed|nicht kontaktieren)\b")),
    (RETIRED, re.compile(r"\b(?:retired|left|departed|no longer (?:at|with|there|employed)|ausgeschieden|parti)\b")),
    (
        PAUSED,
        re.compile(
            r"\b(?:no|not|non|never|none|nicht|nein|kein\w*|ne|don t|cannot|hold|paus\w*|inactiv\w*|inaktiv\w*|inactif|"
            r"stop\w*|suspend\w*|suspendu|block\w*|blacklist\w*|gesperrt|un(?:available|willing|referenceable)|rest|resting|"
            r"cool\w*|dormant|sleeping|former|ehemalig\w*|ex|old|past|lapsed|expired?|churn\w*|lost|cancel\w*|terminated|"
            r"ended|closed(?! won)|declin\w*|refus\w*|reject\w*|denied|withdrawn|revoked|burn\w*|overused|risk|risky|"
            r"escalat\w*|red|pending|review|prospect\w*|deleted|archived|embargo|restricted|false|n|0|pausiert|pausado|pausa|"
            r"attente)\b"
        ),
    ),
    (
        AVAILABLE,
        re.compile(
            r"\b(?:active|aktiv|actif|activo|available|verfugbar|referenceable|referenzierbar|reference|yes|y|ja|oui|si|true|1|x|"
            r"ok|okay|approved|ready|willing|green|go|enabled|current|live|customer|published|public|private|full|limited)\b"
        ),
    ),
)  # fmt: skip
_PLAINLY = re.compile(r"\b(?:referenceable|reference|do not use|on hold|paused|pausiert)\b")


def parse_status(text: str) -> str:
    """Read whether somebody may be asked: AVAILABLE, PAUSED, RETIRED or OPTED_OUT; "" for what nobody knows.

    Of several statuses in a cell the strictest holds.
    """
    words = fold_name(text)
    return next((status for status, pattern in _STATUSES if pattern.search(words)), "")


def read_status(text: str) -> str:
    """As `parse_status`. Raises CellError for what nobody knows."""
    status = parse_status(text)
    if not status:
        raise CellError("is no status known here, so it was left out", "Active, On hold, Not referenceable or Retired")
    return status


def is_plainly_status(text: str) -> bool:
    """Whether a cell can only say whether somebody may be asked for references."""
    return bool(_PLAINLY.search(fold_name(text)))
