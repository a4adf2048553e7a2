"""The words for likely duplicates: why two are alike, and the values of a preview."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from references.activities import BY_CODE
from references.enums import DuplicateKind
from references.models import Contact, Customer

KINDS: dict[str, Promise] = {
    DuplicateKind.CUSTOMER: gettext_lazy("Customers"),
    DuplicateKind.CONTACT: gettext_lazy("People"),
}
BREACHES: dict[str, Promise] = {
    "rest": gettext_lazy("the rest after being asked"),
    "light_rest": gettext_lazy("the short rest after being asked"),
    "per_quarter": gettext_lazy("asks of the person a quarter"),
    "per_year": gettext_lazy("asks of the person a year"),
    "speaking": gettext_lazy("talks a year"),
    "customer_per_quarter": gettext_lazy("asks of the customer a quarter"),
    "customer_per_year": gettext_lazy("asks of the customer a year"),
    "asks_per_month": gettext_lazy("asks of the person a month"),
    "ask_outstanding": gettext_lazy("an ask that is not answered yet"),
    "declined_recently": gettext_lazy("the rest after they declined"),
    "misses": gettext_lazy("asks that were missed"),
}
REASONS: dict[str, Promise] = {
    "same_domain": gettext_lazy("same domain"),
    "same_label": gettext_lazy("domains alike"),
    "same_name": gettext_lazy("same name"),
    "same_words": gettext_lazy("same name but for the legal form"),
    "names_alike": gettext_lazy("names %(n)d %% alike"),
    "name_part": gettext_lazy("one name is part of the other"),
    "acronym": gettext_lazy("one name is short for the other"),
    "same_email": gettext_lazy("same e-mail address"),
    "same_phone": gettext_lazy("same phone number"),
    "same_customer": gettext_lazy("same customer"),
    "two_emails": gettext_lazy("but two e-mail addresses"),
    "initials": gettext_lazy("same name with initials"),
    "names_share": gettext_lazy("names share a word"),
}


def tell_reasons(reasons: Iterable[tuple[str, int]]) -> str:
    """Why two rows are likely one, in words."""
    return ", ".join(str(REASONS[code]) % {"n": number} if number else str(REASONS[code]) for code, number in reasons)


def tell_field(row: Customer | Contact, name: str, value: Any) -> str:
    """One value of a field: choices and activities by what they are called, money with its currency."""
    choices = dict(getattr(row._meta.get_field(name), "flatchoices", None) or ())
    if name == "activities" and value:
        return ", ".join(str(BY_CODE[code].label) if code in BY_CODE else code for code in value)
    if isinstance(value, Decimal) and isinstance(row, Customer):
        return f"{number_format(value, 0, force_grouping=True)} {row.currency}"
    return str(choices[value]) if value and value in choices else tell_value(value)


def tell_value(value: Any) -> str:
    """One value of a preview."""
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return date_format(value, "j M Y") if isinstance(value, date) else str(value)


def tell_moved(moved: dict[str, int]) -> list[tuple[str, int]]:
    """What moved, by what it is called."""
    return [(str(apps.get_model(label)._meta.verbose_name_plural), count) for label, count in moved.items()]
