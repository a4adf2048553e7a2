"""What lists of slots need in their templates."""

from django import template
from django.utils.safestring import SafeString

from web.listing import Listing

register = template.Library()


@register.simple_tag
def chosen(listing: Listing, name: str, value: str) -> str:
    """Mark the option that a list is filtered by."""
    return SafeString(" selected") if listing.value(name) == value else ""
