"""The policy in words: differences between two versions, approval rules as sentences, and what a preview found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.policy_preview import PersonEffect
from references.activities import BY_CODE
from references.enums import Tier
from references.policy_values import Difference
from web.setup.policy_settings import APPROVALS, APPROVER_CHOICES, BAND_CHOICES, GROUPS, LABELS, WEEKDAY_CHOICES
from web.templatetags.pages import band_word, number

_GROUP_OF = {setting.key: group.title for group in GROUPS for setting in group.settings}
_APPROVERS, _BANDS, _WEEKDAYS, _TIERS = map(dict, (APPROVER_CHOICES, BAND_CHOICES, WEEKDAY_CHOICES, Tier.choices))
_STEPS = {"owner": gettext_lazy("account owner"), "manager": gettext_lazy("manager")}
_RULES = {
    "fatigue": gettext_lazy("worn out"),
    "rest": gettext_lazy("rest between meetings"),
    "light_rest": gettext_lazy("rest after the same"),
    "per_quarter": gettext_lazy("limit in a quarter"),
    "per_year": gettext_lazy("limit in a year"),
    "speaking": gettext_lazy("limit on stages"),
    "customer_per_quarter": gettext_lazy("the customer’s limit in a quarter"),
    "customer_per_year": gettext_lazy("the customer’s limit in a year"),
    "asks_per_month": gettext_lazy("asks in a month"),
    "ask_outstanding": gettext_lazy("an open ask"),
    "declined_recently": gettext_lazy("rest after a no"),
    "misses": gettext_lazy("pause after no answers"),
}


@dataclass(frozen=True, slots=True)
class SaidDifference:
    """One setting that changed, in words; a list has a line for each entry."""

    group: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidEffect:
    """One person put forward for whom something would change, in words."""

    headline: str
    changes: tuple[str, ...]
    is_barred: bool


def say_differences(differences: Iterable[Difference]) -> list[SaidDifference]:
    """Differences in words, in order."""
    return [_say_difference(each) for each in differences]


def say_rule(rule: Mapping[str, Any]) -> str:
    """An approval rule as a sentence."""
    conditions = [
        _join(BY_CODE[code].label for code in rule["activities"]),
        _join(str(_TIERS[tier]).lower() for tier in rule["tiers"]),
        _join(str(_BANDS[band]) for band in rule["bands"]),
        _say_money(rule),
    ]
    words = {"for": "; ".join(filter(None, conditions)) or _("everything else"), "who": _APPROVERS[rule["approvers"]]}
    return capfirst(_("%(for)s: %(who)s") % words)


def say_effect(effect: PersonEffect) -> SaidEffect:
    """What would change for one person."""
    before, after = effect.before, effect.after
    changes = []
    if before.approvers != after.approvers:
        words = {"before": _say_steps(before.approvers), "after": _say_steps(after.approvers)}
        changes.append(_("needs %(after)s (now %(before)s)") % words)
    if effect.barred_by:
        changes.append(_("could not be asked: %(rules)s") % {"rules": _say_rules(effect.barred_by)})
    if effect.freed_of:
        changes.append(_("no longer stopped by: %(rules)s") % {"rules": _say_rules(effect.freed_of)})
    if before.band != after.band:
        words = {"before": band_word(before.band), "after": band_word(after.band)}
        changes.append(_("fatigue %(before)s → %(after)s") % words)
    if before.points is not None and after.points is not None and number(before.points) != number(after.points):
        words = {"before": number(before.points), "after": number(after.points)}
        changes.append(_("%(before)s → %(after)s points") % words)
    return SaidEffect(effect.headline, tuple(changes), bool(effect.barred_by))


def _say_difference(difference: Difference) -> SaidDifference:
    key, before, after = difference.key, difference.before, difference.after
    label = str(LABELS.get(key, key))
    if key == APPROVALS:
        return SaidDifference(str(label), label, *_say_rule_lists(before, after))
    return SaidDifference(str(_GROUP_OF.get(key, "")), label, (_say_value(key, before),), (_say_value(key, after),))


def _say_rule_lists(before: Sequence[Any], after: Sequence[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules that only one side has; all of them where just their order, or their reasons, differ."""
    gone, new = [say_rule(rule) for rule in before], [say_rule(rule) for rule in after]
    if set(gone) == set(new):
        return tuple(gone), tuple(new)
    return tuple(rule for rule in gone if rule not in new), tuple(rule for rule in new if rule not in gone)


def _say_value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        words = [str(_WEEKDAYS[each]) for each in value] if key == "service.weekdays" else map(_say_number, value)
        return ", ".join(words) or "–"
    return _say_number(value)


def _say_number(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def _say_money(rule: Mapping[str, Any]) -> str:
    words = {"least": f"{rule['min_value']:,.0f}", "most": f"{rule['max_value'] or 0:,.0f}"}
    if rule["min_value"] and rule["max_value"] is not None:
        return _("a deal from %(least)s, below %(most)s") % words
    if rule["max_value"] is not None:
        return _("a deal below %(most)s") % words
    return _("a deal from %(least)s") % words if rule["min_value"] else ""


def _say_steps(steps: Sequence[str]) -> str:
    return " + ".join(str(_STEPS[step]) for step in steps) or _("nobody’s yes")


def _say_rules(codes: Iterable[str]) -> str:
    return ", ".join(str(_RULES.get(code, code)) for code in codes)


def _join(words: Iterable[str]) -> str:
    return ", ".join(words)
