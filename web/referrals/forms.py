"""Forms of referrals for those who log in: they check the shape, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from advocacy.enums import FlagStatus
from users.models import User

MOST_DIGITS = 14


class LeadForm(forms.Form):
    """A referral that somebody told us of."""

    lead_name = forms.CharField(label=_("Name"), max_length=200)
    company = forms.CharField(label=_("Company"), max_length=200)
    lead_email = forms.EmailField(label=_("E-mail"), required=False)
    lead_phone = forms.CharField(label=_("Phone"), required=False, max_length=60)
    note = forms.CharField(
        label=_("What they need"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreed = forms.BooleanField(
        label=_("They know of it and agreed to hear from us"),
        required=False,
        help_text=_("Without this, nobody is written to by the program; call them yourself, or ask the referrer."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class WonForm(forms.Form):
    """What a won referral brought."""

    value = forms.DecimalField(label=_("Value"), required=False, min_value=0, max_digits=MOST_DIGITS, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    deal_id = forms.CharField(label=_("Deal in the CRM"), required=False, max_length=120)
    became = forms.CharField(
        label=_("Became the customer"),
        required=False,
        max_length=200,
        help_text=_("Its name as it stands under Customers; a manager can give a new one's."),
    )


class WhyForm(forms.Form):
    """Why something is done; who is told of it, the page says."""

    why = forms.CharField(label=_("Why"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class OwnerForm(forms.Form):
    """Whose a referral is to follow up."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Followed up by"), required=False, empty_label=_("nobody yet")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")  # type: ignore[attr-defined]


class FlagForm(forms.Form):
    """What a flag turned out to be."""

    to = forms.ChoiceField(choices=FlagStatus.choices)
    note = forms.CharField(required=False, max_length=300)
    takes_points = forms.BooleanField(required=False)
