"""What a column of an import can be, in groups, as the pages offer it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from references.importing.agreeing import AGREES, PERMITS

GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (
        _("Customer"),
        (
            "customer", "customer_domain", "customer_id", "industry", "country", "region", "size", "products",
            "solutions", "tier", "health", "renewal_date", "annual_value", "currency", "account_owner",
            "customer_status",
        ),
    ),
    (
        _("Person"),
        (
            "promoter", "first_name", "last_name", "title", "role", "seniority", "email", "phone", "languages",
            "external_id", "max_per_quarter", "opted_out", "reference_status",
        ),
    ),
    (_("Score"), ("nps", "nps_comment", "nps_date")),
    (_("Consent"), ("activities", "consent", "consent_until")),
    (
        _("Stories and quotes"),
        (
            "story_id", "story_title", "story_url", "challenge", "solution_text", "results", "quote", "quote_by",
            "quote_title",
        ),
    ),
    (
        _("Events"),
        ("slot_id", "event", "event_date", "event_format", "talk_title", "audience", "abstract", "video_url"),
    ),
    (_("Agrees to, yes or no"), tuple(AGREES)),
    (_("May be used, yes or no"), tuple(PERMITS)),
    (_("The row itself"), ("deleted",)),
)  # fmt: skip
"""(name, fields) in the order of the pages; every field of an import is in one of them."""
