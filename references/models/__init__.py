"""The rows of the pool; one module per noun."""

from references.models.contacts import Blackout, Consent, Contact, ContactTag
from references.models.content import CaseStudy, CaseStudyTag, SlotTag, SpeakingSlot, Testimonial, TestimonialTag
from references.models.customers import Customer, CustomerTag, ProofPoint
from references.models.ledger import Engagement, EngagementChange
from references.models.nominations import Nomination
from references.models.program import ContactGrant, Disclosure, ImportMapping, PolicyVersion, StateChange
from references.models.revision import NoteKind, PoolNote, PoolRevision
from references.models.tags import SynonymProposal, Tag, TagContainment, TagLanguage, TagSynonym

__all__ = [
    "Blackout",
    "CaseStudy",
    "CaseStudyTag",
    "Consent",
    "Contact",
    "ContactGrant",
    "ContactTag",
    "Customer",
    "CustomerTag",
    "Disclosure",
    "Engagement",
    "EngagementChange",
    "ImportMapping",
    "Nomination",
    "NoteKind",
    "PolicyVersion",
    "PoolNote",
    "PoolRevision",
    "ProofPoint",
    "SlotTag",
    "SpeakingSlot",
    "StateChange",
    "SynonymProposal",
    "Tag",
    "TagContainment",
    "TagLanguage",
    "TagSynonym",
    "Testimonial",
    "TestimonialTag",
]
