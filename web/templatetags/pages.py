"""Words and numbers as the pages write them: days, points, bands, labels of codes."""

from collections.abc import Iterable
from datetime import date, datetime
from html import escape
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils import formats, timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from references.activities import BY_CODE
from references.enums import (
    Channel,
    ContactStatus,
    ContentStatus,
    EngagementStatus,
    Facet,
    NominationStatus,
    Seniority,
    SizeBand,
    TestimonialKind,
)

register = template.Library()

BAND_LEVELS = {"fresh": 1, "soft": 2, "approval": 3, "stop": 4}
BAND_WORDS = {"fresh": _("Fresh"), "soft": _("Soft"), "approval": _("Needs approval"), "stop": _("Stop")}
BAND_ADVICE = {
    "fresh": _("rested; ask"),
    "soft": _("used lately; ask with care"),
    "approval": _("a manager approves each ask"),
    "stop": _("not to be asked now"),
}
PSEUDO_FACETS = {"status": _("Status"), "band": _("Fatigue"), "activity": _("Agreed to")}
STATUS_COLORS = {"active": "fresh", "paused": "soft", "nominated": "accent", "retired": "stop"}

_LABELS: dict[str, dict[str, object]] = {
    "size": dict(SizeBand.choices),
    "seniority": dict(Seniority.choices),
    "status": dict(ContactStatus.choices),
    "channel": dict(Channel.choices),
    "testimonial": dict(TestimonialKind.choices),
    "content": dict(ContentStatus.choices),
    "engagement": dict(EngagementStatus.choices),
    "nomination": dict(NominationStatus.choices),
}
LOSS_SCALE = 25.0
_MONTH = 30


@register.filter
def day(value: date | None) -> str:
    """A date as people say it: without the year in this one, and empty for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    return formats.date_format(value, "j M" if value.year == timezone.localdate().year else "j M Y")


@register.filter
def ago(value: date | None) -> str:
    """How far a day lies from today, in the largest whole unit: "31 days ago", "in 2 months"."""
    if value is None:
        return gettext("never")
    if isinstance(value, datetime):
        value = timezone.localdate(value)
    days = (timezone.localdate() - value).days
    if days == 0:
        return gettext("today")
    span = _span(abs(days))
    return gettext("%(span)s ago") % {"span": span} if days > 0 else gettext("in %(span)s") % {"span": span}


@register.filter
def age(value: date | None) -> str:
    """The age of a fact in short: "3 mo", "2 y"; empty within the month."""
    if value is None:
        return ""
    days = (timezone.localdate() - value).days
    if days >= 365:
        return gettext("%(years)s y") % {"years": days // 365}
    return gettext("%(months)s mo") % {"months": days // _MONTH} if days >= _MONTH else ""


def _span(days: int) -> str:
    if days < 60:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if days < 730:
        return ngettext("%(n)s month", "%(n)s months", days // _MONTH) % {"n": days // _MONTH}
    return ngettext("%(n)s year", "%(n)s years", days // 365) % {"n": days // 365}


@register.filter
def points(value: float) -> str:
    """Points with their sign and at most one decimal: "+18.2", "−8", "0"."""
    rounded = round(value, 1)
    text = f"{abs(rounded):.1f}".removesuffix(".0")
    if rounded == 0:
        return "0"
    return f"+{text}" if rounded > 0 else f"−{text}"


@register.filter
def number(value: float) -> str:
    """A magnitude with at most one decimal: "25", "7.5"."""
    return f"{abs(round(value, 1)):.1f}".removesuffix(".0")


@register.filter
def percent_of(value: float, possible: float) -> str:
    """The share of `value`, signless, in `possible`, as a number 0–100 for SVG.

    A term that can only take points away (fatigue) has none to be had: it is measured against LOSS_SCALE.
    """
    return f"{min(100.0, 100.0 * abs(value) / (abs(possible) or LOSS_SCALE)):.1f}"


@register.filter
def band_word(band: str) -> str:
    return str(BAND_WORDS.get(band, band))


@register.filter
def band_advice(band: str) -> str:
    return str(BAND_ADVICE.get(band, ""))


@register.filter
def band_level(band: str) -> int:
    """How many of four dots a band fills."""
    return BAND_LEVELS.get(band, 0)


@register.filter
def activity_label(code: str) -> str:
    return BY_CODE[code].label if code in BY_CODE else code


@register.filter
def facet_label(code: str) -> str:
    """The heading of a facet, or of one of the pool's own groupings."""
    if code in Facet.values:
        return str(Facet(code).label)
    return str(PSEUDO_FACETS.get(code, code.replace("_", " ").capitalize()))


@register.filter
def label(code: str, kind: str) -> str:
    """The label of a code of one kind (see _LABELS); the code itself where unknown."""
    return str(_LABELS[kind].get(code, code))


@register.filter
def carriers(tag: Any) -> str:
    """How many carry a tag annotated with `customer_count` and `contact_count`."""
    customers = ngettext("%(n)s customer", "%(n)s customers", tag.customer_count) % {"n": tag.customer_count}
    people = ngettext("%(n)s person", "%(n)s people", tag.contact_count) % {"n": tag.contact_count}
    return f"{customers}, {people}"


@register.filter
def who(card: Any) -> str:
    """How a card or a profile is called: by name where it may be seen, else by description, which may be empty."""
    return card.promoter_name or card.headline or gettext("Someone of whom little is known yet")


@register.filter
def right_words(right: str) -> str:
    """A right given as "channel · region" in words; "world" is no limit and goes unsaid."""
    channel, _dot, region = right.partition(" · ")
    return label(channel, "channel") + ("" if region in {"", "world"} else f" · {region}")


@register.filter
def status_color(status: str) -> str:
    return STATUS_COLORS.get(status, "quiet")


_CURRENT = mark_safe(' aria-current="true"')


@register.filter
def facet_rows(items: Iterable[Any]) -> SafeString:
    """The rows of a facet's list, hundreds on a page: a template takes twenty times as long for them."""
    return mark_safe(  # noqa: S308 - what is not a number is escaped
        "".join(
            f'<li class="depth-{each.depth:d}"><a href="{escape(each.url)}" rel="nofollow"'
            f"{_CURRENT if each.is_chosen else ''}><span>{escape(each.name)}</span>"
            f'<span class="n">{each.count:d}</span></a></li>'
            for each in items
        )
    )


@register.filter
def score_rows(terms: Iterable[Any]) -> SafeString:
    """The terms of a score as bars, sixty on a page: a template takes twenty times as long for them."""
    of = escape(gettext("of %(possible)s"))

    def row(term: Any) -> str:
        is_of = term.possible and term.points >= 0
        possible = f' <span class="of">{of % {"possible": number(term.possible)}}</span>' if is_of else ""
        return f"""<div class="term{"" if term.points else " term-none"}">
  <span>{escape(term.label)}</span>
  <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect class="track" width="100" height="8" rx="2"/>
    <rect class="{"loss" if term.points < 0 else "gain"}" width="{percent_of(term.points, term.possible)}" \
height="8" rx="2"/>
  </svg>
  <span class="points">{points(term.points)}{possible}</span>
  <span class="why">{escape(term.words)}</span>
</div>
"""

    return mark_safe("".join(map(row, terms)))  # noqa: S308 - words are escaped, the rest are numbers


@register.filter
def fatigue_meter(band: str, phi: float | str = "") -> SafeString:
    """A band of fatigue as dots and a word, with the figure `phi`, where it is given, in the title."""
    value = "" if phi == "" else gettext("Fatigue %(value)s") % {"value": floatformat(phi, 2)} + ": "
    level = band_level(band)
    dots = "".join(
        f'<circle cx="{5 + 11 * place}" cy="5" r="4" class="{"on" if level > place else ""}"/>' for place in range(4)
    )
    return mark_safe(  # noqa: S308 - words are escaped
        f'<span class="meter meter-{escape(band)}" title="{escape(value + band_advice(band))}">'
        f'<svg viewBox="0 0 44 10" aria-hidden="true" focusable="false">{dots}</svg>'
        f'<span class="visually-hidden">{escape(gettext("Fatigue:"))} </span>{escape(band_word(band))}</span>'
    )
