"""Forms of rewards and gift rules: they check the shape, services decide and write."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from advocacy.enums import RewardKind
from advocacy.models import GiftRule, Reward
from references.enums import Facet
from references.models import Customer, Tag
from references.text import fold_name


class RewardForm(forms.ModelForm):  # type: ignore[type-arg]
    """One reward of the catalogue."""

    class Meta:
        model = Reward
        fields = (
            "name", "kind", "about", "cost", "value", "currency", "stock", "per_person", "from_level",
            "needs_approval", "is_active",
        )  # fmt: skip
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "value": _("Limits of gifts are checked against it."),
            "currency": _("Three letters: EUR, USD …"),
            "per_person": _("Empty: as often as they like"),
        }

    def validate_constraints(self) -> None:
        """Left to the service, which says more."""


class GiftRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One gift rule; the employer is given by their name."""

    employer = forms.CharField(
        label=_("Employer"), max_length=200, required=False, help_text=_("The customer’s name, as it is kept here")
    )
    forbidden_kinds = forms.MultipleChoiceField(
        label=_("Kinds that may not be given"),
        choices=RewardKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = GiftRule
        fields = (
            "region", "is_forbidden", "forbidden_kinds", "most_per_gift", "most_per_year", "currency",
            "needs_employer", "why",
        )  # fmt: skip
        help_texts = {
            "region": _("Holds for whatever lies in it. Without a region and an employer it is for everybody."),
            "why": _("Told with a refusal"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        regions = cast("forms.ModelChoiceField[Tag]", self.fields["region"])
        regions.queryset = Tag.objects.accepted().filter(facet=Facet.REGION).order_by("name")
        self.order_fields(["region", "employer"])
        if self.instance.customer is not None:
            self.initial["employer"] = self.instance.customer.name

    def clean_employer(self) -> Customer | None:
        """The customer of that name."""
        name = self.cleaned_data["employer"].strip()
        if not name:
            return None
        found = list(Customer.objects.filter(folded_name=fold_name(name))[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("There is no customer of this name, or more than one."), code="unknown")
        return found[0]

    def _post_clean(self) -> None:
        """The service judges and writes the row, not the form."""


class MoveForm(forms.Form):
    """What is done with the redemptions that were ticked."""

    to = forms.ChoiceField(
        choices=[
            ("approved", _("Approve")),
            ("rejected", _("Reject")),
            ("fulfilled", _("Handed over")),
            ("cancelled", _("Call off")),
        ]
    )
    why = forms.CharField(max_length=300, required=False)
    employer_agreed = forms.BooleanField(required=False)
