"""The fixed word lists of the pool; every status and band is one of these."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Facet(models.TextChoices):
    """The ways a customer or a contact can be described."""

    INDUSTRY = "industry", _("Industry")
    PRODUCT = "product", _("Product")
    SOLUTION = "solution", _("Solution")
    REGION = "region", _("Region")
    ROLE = "role", _("Role")
    SENIORITY = "seniority", _("Seniority")
    SIZE = "size", _("Size")
    LANGUAGE = "language", _("Language")
    TECHNOLOGY = "technology", _("Technology")
    COMPETITOR = "competitor", _("Competitor")
    PERSONA = "persona", _("Persona")


class TagStatus(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    PROPOSED = "proposed", _("proposed")
    MERGED = "merged", _("merged")
    REJECTED = "rejected", _("rejected")


class TagOrigin(models.TextChoices):
    """How a customer came by a tag: someone gave it, or it was read in the customer's stories."""

    GIVEN = "given", _("given")
    INFERRED = "inferred", _("inferred")


class SizeBand(models.TextChoices):
    """Employees of the customer, smallest first; similarity counts steps along this order."""

    MICRO = "1-50", _("1–50")
    SMALL = "51-200", _("51–200")
    MEDIUM = "201-1000", _("201–1,000")
    LARGE = "1001-10000", _("1,001–10,000")
    ENTERPRISE = "10001+", _("10,000+")


class Seniority(models.TextChoices):
    """Rank of a contact, lowest first; similarity counts steps along this order."""

    STAFF = "staff", _("Staff")
    SENIOR = "senior", _("Senior")
    MANAGER = "manager", _("Manager")
    DIRECTOR = "director", _("Director")
    VP = "vp", _("Vice president")
    C_LEVEL = "c_level", _("C-level")


class Tier(models.TextChoices):
    STRATEGIC = "strategic", _("Strategic")
    KEY = "key", _("Key")
    STANDARD = "standard", _("Standard")


class Health(models.TextChoices):
    GREEN = "green", _("Green")
    YELLOW = "yellow", _("Yellow")
    RED = "red", _("Red")
    UNKNOWN = "unknown", _("Unknown")


class ContactStatus(models.TextChoices):
    KNOWN = "known", _("known")
    NOMINATED = "nominated", _("nominated")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    RETIRED = "retired", _("retired")


class Loyalty(models.TextChoices):
    PROMOTER = "promoter", _("Promoter")
    PASSIVE = "passive", _("Passive")
    DETRACTOR = "detractor", _("Detractor")
    UNKNOWN = "unknown", _("Unknown")


class Sensitivity(models.TextChoices):
    NORMAL = "normal", _("Normal")
    SENSITIVE = "sensitive", _("Sensitive")
    AMBASSADOR = "ambassador", _("Ambassador")


class Origin(models.TextChoices):
    SURVEY = "survey", _("Survey")
    NOMINATION = "nomination", _("Nomination")
    IMPORT = "import", _("Import")
    SELF = "self", _("Self")
    MANUAL = "manual", _("Added by hand")


class EngagementStatus(models.TextChoices):
    ASKED = "asked", _("asked")
    HELD = "held", _("held")
    PLANNED = "planned", _("planned")
    COMPLETED = "completed", _("completed")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    NO_ANSWER = "no_answer", _("no answer")
    RELEASED = "released", _("released")


class ContentStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    WITH_CUSTOMER = "with_customer", _("with the customer")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    EXPIRED = "expired", _("expired")
    RECALLED = "recalled", _("recalled")


class SlotStatus(models.TextChoices):
    OPEN = "open", _("open")
    HELD = "held", _("held")
    CONFIRMED = "confirmed", _("confirmed")
    DELIVERED = "delivered", _("delivered")
    CANCELLED = "cancelled", _("cancelled")
    UNFILLED = "unfilled", _("unfilled")


class TestimonialKind(models.TextChoices):
    """What somebody gave; each is also the activity that consent names."""

    QUOTE = "quote", _("Quote")
    VIDEO = "video", _("Video")
    REVIEW = "review", _("Review")
    WEBINAR = "webinar", _("Recorded webinar")


class ReviewStatus(models.TextChoices):
    """How a customer's look at a draft stands."""

    WAITING = "waiting", _("waiting for the customer")
    APPROVED = "approved", _("approved")
    CHANGES = "changes", _("changes wished")
    WITHDRAWN = "withdrawn", _("taken back")


class LineDecision(models.TextChoices):
    OPEN = "", _("not looked at")
    OK = "ok", _("fine as it is")
    CHANGE = "change", _("to be changed")


class FileKind(models.TextChoices):
    """What an uploaded file is."""

    PDF = "pdf", _("PDF")
    SLIDES = "slides", _("Slides")
    PICTURE = "picture", _("Picture")
    LOGO = "logo", _("Logo")
    EVIDENCE = "evidence", _("Evidence of a consent")


class AskAnswer(models.TextChoices):
    """How an ask for consent was answered."""

    WAITING = "", _("waiting")
    GIVEN = "given", _("given")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


class ContentNoun(models.TextChoices):
    """The pieces of the content library."""

    CASE_STUDY = "case_study", _("Case study")
    TESTIMONIAL = "testimonial", _("Testimonial")
    PROOF_POINT = "proof_point", _("Proof point")


class Look(models.TextChoices):
    """Light or dark, of an embed."""

    SYSTEM = "system", _("as the visitor's system")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class PublicEvent(models.TextChoices):
    """What is counted of the public wall, without knowing who."""

    VIEW = "view", _("view")
    CLICK = "click", _("click")
    LEAD = "lead", _("lead")


class Channel(models.TextChoices):
    """Where a reference may appear. `any` in a consent covers all of them."""

    ANY = "any", _("Any channel")
    SALES = "sales", _("Sales conversations")
    WEB = "web", _("Web")
    PRINT = "print", _("Print")
    SOCIAL = "social", _("Social media")
    EVENT = "event", _("Events")
    PRESS = "press", _("Press")


class Actor(models.TextChoices):
    """Who moved a state: someone logged in, the promoter by their link, or the program itself."""

    USER = "user", _("user")
    PROMOTER = "promoter", _("promoter")
    SYSTEM = "system", _("the program")


class NominationStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    NEW = "new", _("new")
    IN_PROGRESS = "in_progress", _("in progress")
    APPROVED = "approved", _("approved")
    NOT_APPROVED = "not_approved", _("not approved")


class NominationVia(models.TextChoices):
    PAGE = "page", _("page")
    API = "api", _("API")
    PROMOTER = "promoter", _("promoter's page")
    SURVEY = "survey", _("survey")


class DuplicateKind(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    CONTACT = "contact", _("Contact")


class DuplicateStatus(models.TextChoices):
    OPEN = "open", _("to be looked at")
    DISMISSED = "dismissed", _("not the same")
    MERGED = "merged", _("merged")


class IdentityKind(models.TextChoices):
    """What an import knows a customer or a contact by."""

    CRM_ID = "crm_id", _("CRM id")
    NAME = "name", _("name")
    DOMAIN = "domain", _("domain")
    EMAIL = "email", _("e-mail")
