"""What a merge does with the relations of this floor."""

from django.utils import timezone

from delivery.models import SignedLink
from references.enums import DuplicateKind
from references.merging.journal import Journal
from references.merging.relations import Conflict, Relation, register_relation, register_rewrite

_MOVED = (
    ("ProofPoint", "customer"), ("Contact", "customer"), ("Consent", "customer"), ("CaseStudy", "customer"),
    ("Testimonial", "customer"), ("StoredFile", "customer"), ("Nomination", "customer"),
    ("FormerIdentity", "customer"), ("FormerIdentity", "contact"), ("LoyaltyRecord", "contact"),
    ("Consent", "contact"), ("CaseStudy", "contact"), ("Testimonial", "contact"), ("SpeakingSlot", "speaker"),
    ("Engagement", "contact"), ("ContentReview", "contact"), ("ConsentAsk", "contact"), ("Nomination", "contact"),
    ("Nomination", "suggested_by"), ("Disclosure", "contact"), ("HandoutItem", "contact"),
)  # fmt: skip
_SAID_TWICE = (
    ("CustomerTag", "customer"), ("ContactTag", "contact"), ("ContactGrant", "contact"), ("BasketItem", "contact"),
)  # fmt: skip


def register_own_relations() -> None:
    """Let customers and contacts be merged as far as this floor goes."""
    for model, field in _MOVED:
        register_relation(f"references.{model}", field)
    for model, field in _SAID_TWICE:
        register_relation(f"references.{model}", field, Relation(Conflict.DROP))
    register_relation("references.Blackout", "contact", Relation(is_guard=True))
    register_rewrite(lead_own_page)


def lead_own_page(kind: str, gone: int, kept: int, journal: Journal) -> None:
    """Links to a person's own page lead to the one who stays, so that whoever unsubscribes by an old mail is heard."""
    if kind == DuplicateKind.CONTACT:
        lead_links(f"contact:{gone}", f"contact:{kept}", journal)


def lead_links(old: str, new: str, journal: Journal) -> None:
    """Let the links to one subject that still hold lead to another."""
    holding = SignedLink.objects.filter(subject=old, revoked_at=None, expires_at__gt=timezone.now())
    journal.set(holding, "subject", old, new)
