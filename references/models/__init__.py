"""The rows of the pool; one module per noun."""

from references.models.contacts import Blackout, Consent, Contact, ContactTag, LoyaltyRecord
from references.models.content import CaseStudy, CaseStudyTag, SlotTag, SpeakingSlot, Testimonial, TestimonialTag
from references.models.customers import Customer, CustomerTag, ProofPoint
from references.models.duplicates import DuplicatePair, FormerIdentity, Merge
from references.models.ledger import Engagement, EngagementChange
from references.models.library import ConsentAsk, ContentReview, ContentUse, ContentVersion, ReviewLine, StoredFile
from references.models.nominations import Nomination
from references.models.program import ContactGrant, Disclosure, ImportMapping, PolicyVersion, StateChange
from references.models.revision import NoteKind, PoolNote, PoolRevision
from references.models.sharing import BasketItem, Handout, HandoutItem
from references.models.sorting import SortedTerm, TagSorting
from references.models.tags import SynonymProposal, Tag, TagContainment, TagLanguage, TagSynonym
from references.models.wall import Embed, Lead, PublicCount

__all__ = [
    "BasketItem",
    "Blackout",
    "CaseStudy",
    "CaseStudyTag",
    "Consent",
    "ConsentAsk",
    "Contact",
    "ContactGrant",
    "ContactTag",
    "ContentReview",
    "ContentUse",
    "ContentVersion",
    "Customer",
    "CustomerTag",
    "Disclosure",
    "DuplicatePair",
    "Embed",
    "Engagement",
    "EngagementChange",
    "FormerIdentity",
    "Handout",
    "HandoutItem",
    "ImportMapping",
    "Lead",
    "LoyaltyRecord",
    "Merge",
    "Nomination",
    "NoteKind",
    "PolicyVersion",
    "PoolNote",
    "PoolRevision",
    "ProofPoint",
    "PublicCount",
    "ReviewLine",
    "SlotTag",
    "SortedTerm",
    "SpeakingSlot",
    "StateChange",
    "StoredFile",
    "SynonymProposal",
    "Tag",
    "TagContainment",
    "TagLanguage",
    "TagSorting",
    "TagSynonym",
    "Testimonial",
    "TestimonialTag",
]
