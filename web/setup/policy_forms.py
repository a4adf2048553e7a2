"""The policy as forms: a field for each setting, a row for each approval rule, refusals beside what they are about."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import Tier
from references.errors import DomainError
from references.policy import ProgramPolicy
from references.policy_ranges import LONGEST_WHY, MOST_RULES
from references.policy_values import flat_settings
from web.setup.policy_settings import (
    APPROVALS,
    APPROVER_CHOICES,
    BAND_CHOICES,
    GROUPS,
    LABELS,
    WEEKDAY_CHOICES,
    Group,
    Setting,
)

CLOCKS = ("service.opens", "service.closes")
NUMBERS, DAYS = "ranking.band_similarity", "service.holidays"
ZONE, WEEKDAYS = "service.time_zone", "service.weekdays"


class PolicyForm(forms.Form):
    """Every setting but the approval rules, named by its dotted key; what is left empty is the default."""

    def __init__(self, policy: ProgramPolicy, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        current, defaults = flat_settings(policy), flat_settings(ProgramPolicy())
        self._changed = {key for key, value in current.items() if value != defaults[key]}
        for group in GROUPS:
            for setting in group.settings:
                self.fields[setting.key] = _make_field(setting, current[setting.key], defaults[setting.key])

    def values(self) -> dict[str, Any]:
        """What was filled in, nested as `merge_policy` takes it."""
        nested: dict[str, Any] = {}
        for key, value in self.cleaned_data.items():
            if value in (None, "") or (value == [] and key == NUMBERS):
                continue
            *parents, name = key.split(".")
            place = nested
            for parent in parents:
                place = place.setdefault(parent, {})
            place[name] = value
        return nested

    @property
    def groups(self) -> list[tuple[Group, list[tuple[forms.BoundField, bool]]]]:
        """The fields in their groups, each with whether the current policy has another value than the default."""
        return [
            (group, [(self[setting.key], setting.key in self._changed) for setting in group.settings])
            for group in GROUPS
        ]

    @property
    def faulty(self) -> list[tuple[str, str]]:
        """(id, name) of the parts with errors, to be listed at the top."""
        return [(f"div_id_{name}", str(LABELS[name])) for name in self.errors if name in self.fields]


class RuleForm(forms.Form):
    """One approval rule; empty lists fit everything."""

    approvers = forms.ChoiceField(label=_("Who says yes"), choices=[("", "…"), *APPROVER_CHOICES])
    activities = forms.MultipleChoiceField(
        label=_("For what"), required=False, choices=activities.CHOICES,
        widget=forms.SelectMultiple(attrs={"size": 4, "data-picker": _("Anything; type to narrow…")}),
    )  # fmt: skip
    tiers = forms.MultipleChoiceField(
        label=_("Customers"), required=False, choices=Tier.choices, widget=forms.CheckboxSelectMultiple
    )
    bands = forms.MultipleChoiceField(
        label=_("Promoters"), required=False, choices=BAND_CHOICES, widget=forms.CheckboxSelectMultiple
    )
    min_value = forms.FloatField(label=_("Deal from"), required=False, min_value=0)
    max_value = forms.FloatField(label=_("and below"), required=False, min_value=0)
    why = forms.CharField(label=_("Why"), required=False, max_length=LONGEST_WHY)

    def rule(self) -> dict[str, Any]:
        """The rule as `merge_policy` takes it."""
        data = self.cleaned_data
        return {
            "approvers": data["approvers"],
            "activities": data["activities"],
            "tiers": data["tiers"],
            "bands": data["bands"],
            "min_value": data["min_value"] or 0.0,
            "max_value": data["max_value"],
            "why": data["why"],
        }


class _RuleRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Calls what moves and what removes a row by their names."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label, form.fields["DELETE"].label = _("Place"), _("Remove")


RuleFormSet = forms.formset_factory(RuleForm, _RuleRows, extra=1, can_delete=True, can_order=True, max_num=MOST_RULES)


class PolicyForms:
    """The two parts of the page as one: settings and rules."""

    def __init__(self, policy: ProgramPolicy, data: Mapping[str, Any] | None = None) -> None:
        self.settings = PolicyForm(policy, data)
        initial = [_initial_rule(rule) for rule in flat_settings(policy)[APPROVALS]]
        self.rules = RuleFormSet(data, initial=initial, prefix=APPROVALS)

    def is_valid(self) -> bool:
        """Whether the shape of everything is right."""
        is_valid = self.settings.is_valid()  # both are asked, so that all errors show at once
        return self.rules.is_valid() and is_valid

    @property
    def has_errors(self) -> bool:
        """Whether something was refused."""
        return bool(self.settings.errors) or self.rules.total_error_count() > 0

    def values(self) -> dict[str, Any]:
        """What was filled in, nested as `merge_policy` takes it."""
        return {**self.settings.values(), APPROVALS: [form.rule() for form in self.rules.ordered_forms]}

    def add_error(self, error: DomainError) -> None:
        """Put a refusal beside the field it is about, or on top where there is none."""
        key = error.field or ""
        parent, _dot, rest = key.partition(".")
        place, _dot, name = rest.partition(".")
        if parent == APPROVALS and place.isdecimal():
            self.rules.ordered_forms[int(place)].add_error(name or None, error.message)
            return
        message = error.message.replace(f"'{key}'", f"“{LABELS.get(key, key)}”")
        self.settings.add_error(key if key in self.settings.fields else None, message)


def _make_field(setting: Setting, value: Any, default: Any) -> forms.Field:
    options: dict[str, Any] = {
        "label": format_html('{} <span class="unit">{}</span>', setting.label, setting.unit),
        "help_text": f"{setting.help} {_say_default(setting.key, default)}".strip(),
        "required": False,
        "initial": _shown(setting.key, value),
    }
    if isinstance(default, bool):
        return forms.BooleanField(**options)
    if setting.key == ZONE:
        return forms.ChoiceField(choices=[(zone, zone) for zone in sorted(available_timezones())], **options)
    if setting.key == WEEKDAYS:
        return forms.TypedMultipleChoiceField(
            choices=WEEKDAY_CHOICES, coerce=int, widget=forms.CheckboxSelectMultiple, **options
        )
    if setting.key == DAYS:
        return LinesField(widget=forms.Textarea(attrs={"rows": 4}), **options)
    if setting.key == NUMBERS:
        return NumbersField(**options)
    if setting.key in CLOCKS:
        return forms.CharField(max_length=5, widget=forms.TextInput(attrs={"placeholder": default}), **options)
    hint = {"placeholder": _shown(setting.key, default)}
    if isinstance(default, int):
        return forms.IntegerField(min_value=0, widget=forms.NumberInput(attrs=hint), **options)
    return forms.FloatField(min_value=0, widget=forms.NumberInput(attrs={**hint, "step": "any"}), **options)


class LinesField(forms.CharField):
    """One text a line."""

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class NumbersField(forms.CharField):
    """Numbers with commas between them."""

    default_error_messages = {"wrong_numbers": _("Write numbers with commas between them, such as 1, 0.6, 0.2.")}

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        try:
            return [float(each) for each in text.replace(";", ",").split(",") if each.strip()]
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["wrong_numbers"], code="wrong_numbers") from error


def _shown(key: str, value: Any) -> Any:
    """A value as its field shows it: whole numbers without a point, lists as they are typed."""
    if isinstance(value, float):
        return int(value) if value == int(value) else value
    if key == NUMBERS:
        return ", ".join(str(_shown("", each)) for each in value)
    return "\n".join(value) if key == DAYS else value


def _initial_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    money = {"min_value": rule["min_value"] or None, "max_value": rule["max_value"]}
    return {**rule, **{name: _shown(name, value) for name, value in money.items()}}


def _say_default(key: str, default: Any) -> str:
    """What the shipped value is; nothing where the choice itself shows it."""
    if isinstance(default, bool) or key in {WEEKDAYS, DAYS}:
        return ""
    return gettext("Default: %(value)s.") % {"value": _shown(key, default)}
