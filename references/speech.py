"""The language in which a promoter is written to: what they chose, else one they speak that is translated."""

from collections.abc import Iterable

from django.conf import settings

from references.enums import Facet
from references.models import Contact, ContactTag

SLUGS: dict[str, str] = {"english": "en", "german": "de"}
"""The tags of languages into which letters and the promoter's page are translated."""


def language_of(contact: Contact) -> str:
    """The code of a shipped language; at most one query."""
    shipped = [code for code, _name in settings.LANGUAGES]
    if contact.language in shipped:
        return contact.language
    spoken = ContactTag.objects.filter(contact=contact, tag__facet=Facet.LANGUAGE).values_list("tag__slug", flat=True)
    return pick_language(list(spoken), shipped)


def pick_language(slugs: Iterable[str], shipped: Iterable[str]) -> str:
    """English for whoever speaks it or nothing translated, else the first language that is shipped."""
    codes = [SLUGS[slug] for slug in slugs if slug in SLUGS]
    available = [code for code in codes if code in set(shipped)]
    return available[0] if available and "en" not in codes else "en"
