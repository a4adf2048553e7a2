"""What a merge of two persons does with requests."""

from matching.models import Request
from references.enums import DuplicateKind
from references.merging.journal import Journal
from references.merging.relations import Conflict, Relation, register_relation, register_rewrite


def register_merging() -> None:
    """What one of the two was asked for moves; where both are asked for one request, one must be withdrawn first."""
    register_relation("matching.Request", "best_contact")
    register_relation("matching.Match", "contact")
    register_relation("matching.RecruitingCandidate", "contact", Relation(Conflict.DROP))
    register_rewrite(choose_kept)


def choose_kept(kind: str, gone: int, kept: int, journal: Journal) -> None:
    """Requests that chose the one who went choose the one who stays."""
    if kind != DuplicateKind.CONTACT:
        return
    for request in Request.objects.exclude(chosen=[]).only("pk", "chosen"):
        if gone in request.chosen:
            chosen = list(dict.fromkeys(kept if each == gone else each for each in request.chosen))
            journal.set([request], "chosen", request.chosen, chosen)
