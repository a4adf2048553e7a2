"""Which value of two rows stays: the one chosen where that is free, the stricter where somebody is protected."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from references.enums import ContactStatus, Health, Sensitivity
from references.errors import DomainError
from references.models import Contact, Customer

_BLANK: tuple[Any, ...] = (None, "", [])
_SENSITIVITY = (Sensitivity.AMBASSADOR, Sensitivity.NORMAL, Sensitivity.SENSITIVE)
_HEALTH = (Health.UNKNOWN, Health.GREEN, Health.YELLOW, Health.RED)
_STATUS = (
    ContactStatus.KNOWN,
    ContactStatus.NOMINATED,
    ContactStatus.ACTIVE,
    ContactStatus.PAUSED,
    ContactStatus.RETIRED,
)
CONTACT_GUARDS = ("has_opted_out", "status", "paused_until", "sensitivity", "max_per_quarter", "activities")
CUSTOMER_GUARDS = (
    "is_referenceable", "is_named", "has_open_escalation", "is_renewal_sensitive", "health", "exclusions",
)  # fmt: skip
GUARDS: dict[type[Any], tuple[str, ...]] = {Contact: CONTACT_GUARDS, Customer: CUSTOMER_GUARDS}

# What is chosen together, by the field that stands for it on the page.
_CHOICES: dict[type[Any], dict[str, tuple[str, ...]]] = {
    Contact: {
        "name": ("name", "folded_name"), "title": ("title", "seniority"), "email": ("email",), "phone": ("phone",),
        "time_zone": ("time_zone",), "language": ("language",), "origin": ("origin",),
    },
    Customer: {
        "name": ("name", "folded_name"), "domain": ("domain",), "size_band": ("size_band",), "tier": ("tier",),
        "account_owner": ("account_owner_id",), "renewal_date": ("renewal_date",),
        "annual_value": ("annual_value", "lifetime_value", "currency"), "raw_industry": ("raw_industry",),
        "raw_location": ("raw_location",),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the preview: both values, the one that stays, and whether it can be chosen."""

    field: str
    kept: Any
    gone: Any
    result: Any
    is_choice: bool
    takes_gone: bool = False


def choices_of(model: type[Any]) -> frozenset[str]:
    """The fields whose value can be taken from the row that goes."""
    return frozenset(_CHOICES[model])


def resolve(kept: Any, gone: Any, taken: Collection[str] | None) -> tuple[dict[str, Any], list[Line]]:
    """Give what the kept row becomes, by attname, and the lines of the preview.

    `taken` are the fields whose value comes from the row that goes; None takes what the kept one has not. Raises
    DomainError: unknown_field, activities_differ.
    """
    model = type(kept)
    unknown = set(taken or ()) - choices_of(model)
    if unknown:
        raise DomainError("unknown_field", f"'{min(unknown)}' cannot be chosen.", min(unknown))
    values: dict[str, Any] = {}
    lines = []
    for field, columns in _CHOICES[model].items():
        mine, other = getattr(kept, columns[0]), getattr(gone, columns[0])
        is_unsaid = all(getattr(kept, column) in _BLANK for column in columns)
        takes = (is_unsaid and other not in _BLANK) if taken is None else field in taken
        source = gone if takes else kept
        values |= {column: getattr(source, column) for column in columns}
        shown = (getattr(kept, field), getattr(gone, field), getattr(source, field))
        lines.append(Line(field, *shown, is_choice=mine != other, takes_gone=takes))
    ruled = _rule_contact(kept, gone) if model is Contact else _rule_customer(kept, gone)
    for name, value in ruled.items():
        lines.append(Line(name, getattr(kept, name), getattr(gone, name), value, is_choice=False))
    return values | ruled, [line for line in lines if line.kept not in _BLANK or line.gone not in _BLANK]


def _rule_contact(kept: Contact, gone: Contact) -> dict[str, Any]:
    status = max(kept.status, gone.status, key=lambda each: _STATUS.index(ContactStatus(each)))
    newest = gone if _answered(gone) > _answered(kept) else kept
    return {
        "status": status,
        "paused_until": _pause(kept, gone) if status == ContactStatus.PAUSED else None,
        "has_opted_out": kept.has_opted_out or gone.has_opted_out,
        "sensitivity": _worse(_SENSITIVITY, kept.sensitivity, gone.sensitivity),
        "activities": _agreed(kept.activities, gone.activities),
        "max_per_quarter": _least(kept.max_per_quarter, gone.max_per_quarter),
        "verified_on": _least(kept.verified_on, gone.verified_on),
        **{name: getattr(newest, name) for name in ("loyalty", "nps_score", "nps_on", "nps_comment")},
        **_join(kept, gone),
    }


def _rule_customer(kept: Customer, gone: Customer) -> dict[str, Any]:
    return {
        "is_referenceable": kept.is_referenceable and gone.is_referenceable,
        "is_named": kept.is_named and gone.is_named,
        "has_open_escalation": kept.has_open_escalation or gone.has_open_escalation,
        "is_renewal_sensitive": kept.is_renewal_sensitive or gone.is_renewal_sensitive,
        "health": _worse(_HEALTH, kept.health, gone.health),
        "exclusions": [*kept.exclusions, *(each for each in gone.exclusions if each not in kept.exclusions)],
        **_join(kept, gone),
    }


def _join(kept: Any, gone: Any) -> dict[str, Any]:
    notes = [kept.notes] + ([gone.notes] if gone.notes not in kept.notes else [])
    return {"external_id": kept.external_id or gone.external_id, "notes": "\n".join(filter(None, notes))}


def _pause(kept: Contact, gone: Contact) -> Any:
    """The later end of the pauses; none where one has none."""
    ends = [row.paused_until for row in (kept, gone) if row.status == ContactStatus.PAUSED]
    return None if None in ends else max(end for end in ends if end is not None)


def _agreed(kept: list[str], gone: list[str]) -> list[str]:
    """What both allow; an empty list allows everything, so two lists with nothing in common cannot be merged."""
    if not kept or not gone:
        return list(kept or gone)
    both = [code for code in kept if code in gone]
    if not both:
        message = "Their agreed activities have nothing in common. Set those of one of them first."
        raise DomainError("activities_differ", message)
    return both


def _answered(row: Contact) -> tuple[bool, str]:
    return row.nps_score is not None, row.nps_on.isoformat() if row.nps_on else ""


def _worse(order: tuple[Any, ...], one: str, other: str) -> str:
    rank: Callable[[str], int] = lambda each: [str(value) for value in order].index(each)  # noqa: E731
    return max(one, other, key=rank)


def _least(one: Any, other: Any) -> Any:
    return min((value for value in (one, other) if value is not None), default=None)
