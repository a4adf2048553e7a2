"""Words of the portal in the visitor's language: activities, days and moments."""

from datetime import date, datetime

from django import template

from matching.letters import words
from references.enums import Channel

register = template.Library()


@register.filter
def activity(code: str) -> str:
    """An activity by its name."""
    return words.activity_words(code)


@register.filter
def channel(code: str) -> str:
    """Where a consent holds."""
    return str(Channel(code).label)


@register.filter
def day_words(value: date | None) -> str:
    """A day written out; empty for none."""
    return words.day(value)


@register.filter
def moment_words(value: datetime | None) -> str:
    """A moment with its zone; empty for none."""
    return words.moment(value)
