"""Forms of points, levels and badges: they check the shape, services decide and write."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from advocacy.models import AdvocacySettings, Badge, Level, Reward
from references import activities

MOST = 100_000


def make_key() -> str:
    """A key of one form as it was opened, by which a second click changes nothing."""
    return uuid4().hex


class AdjustForm(forms.Form):
    """Points by hand."""

    amount = forms.IntegerField(
        label=_("Points"), min_value=-MOST, max_value=MOST, help_text=_("With a minus to take some away")
    )
    why = forms.CharField(label=_("Why"), max_length=300)
    creation_key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=make_key)


class RedeemForm(forms.Form):
    """A reward for somebody."""

    reward = forms.ModelChoiceField(label=_("Reward"), queryset=Reward.objects.filter(is_active=True))
    wish = forms.CharField(label=_("A wish"), max_length=300, required=False, help_text=_("Size, charity, date …"))
    creation_key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=make_key)


class LevelForm(forms.ModelForm):  # type: ignore[type-arg]
    """One level."""

    class Meta:
        model = Level
        fields = ("name", "from_points", "perk")
        help_texts = {"from_points": _("Points ever earned; spending them lowers nobody.")}


class BadgeForm(forms.ModelForm):  # type: ignore[type-arg]
    """One badge."""

    class Meta:
        model = Badge
        fields = ("name", "about", "rule", "count", "activity", "is_active")
        help_texts = {
            "count": _("How many it takes; the rung, or the years."),
            "activity": _("Empty: any. Surveys count nowhere."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = [choice for choice in activities.CHOICES if choice[0] != "survey"]
        self.fields["activity"].choices = [("", _("any")), *labels]  # type: ignore[attr-defined]


class WorthForm(forms.Form):
    """What taking part in each activity is worth; a survey has no field here."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for activity in sorted(activities.ACTIVITIES, key=lambda each: (each.rung, each.effort)):
            if activity.code != "survey":
                self.fields[activity.code] = forms.IntegerField(
                    label=activity.label, required=False, min_value=0, max_value=MOST
                )


class SharesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The share of each stage, and how long points live."""

    class Meta:
        model = AdvocacySettings
        fields = ("share_accepted", "share_scheduled", "share_done", "share_confirmed", "points_expire_months")

    def validate_constraints(self) -> None:
        """Left to the service, which says more."""
