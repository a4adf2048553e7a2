"""Forms of early-adopter programs: they check the shape, services decide and write."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterProgram
from references.enums import Facet, TagStatus
from references.models import Tag
from users.models import User
from web.pool.forms import DayInput

USES = [("yes", _("Yes")), ("no", _("No"))]


class ProgramForm(forms.ModelForm):  # type: ignore[type-arg]
    """One program; once it is over, its outcome alone."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    class Meta:
        model = AdopterProgram
        fields = (
            "name", "about", "product", "seats", "from_rung", "starts_on", "ends_on", "owner", "agreement", "outcome",
        )  # fmt: skip
        widgets = {
            "about": forms.Textarea(attrs={"rows": 3}),
            "agreement": forms.Textarea(attrs={"rows": 8}),
            "outcome": forms.Textarea(attrs={"rows": 3}),
            "starts_on": DayInput(),
            "ends_on": DayInput(),
        }
        help_texts = {
            "about": _("Stands in the letter and on the page of whoever is invited."),
            "product": _("Only people of customers that use it are invited. Empty: of any customer."),
            "seats": _("So many take part; more may be invited."),
            "agreement": _("The terms, as they are agreed to. After a change they have to be read and agreed to anew."),
            "outcome": _("What came of it, as far as it is known."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        products = cast("forms.ModelChoiceField[Tag]", self.fields["product"])
        rows = Tag.objects.filter(facet=Facet.PRODUCT)
        products.queryset = rows.filter(Q(status=TagStatus.ACCEPTED) | Q(pk=self.instance.product_id))
        owners = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owners.queryset = User.objects.filter(Q(is_active=True) | Q(pk=self.instance.owner_id))
        if self.instance.status == ProgramStatus.CLOSED and self.instance.pk is not None:
            for name in set(self.fields) - {"outcome", "key"}:
                del self.fields[name]
        if self.instance.pk is None:
            del self.fields["outcome"]

    def validate_constraints(self) -> None:
        """Left to the service, which says more."""


class ProgramMoveForm(forms.Form):
    """Where a program goes next, and what came of it."""

    to = forms.ChoiceField(choices=ProgramStatus.choices)
    outcome = forms.CharField(required=False, max_length=4_000)


class SeatMoveForm(forms.Form):
    """What becomes of a seat; for one that ends, whether they use it now."""

    to = forms.ChoiceField(choices=SeatStatus.choices)
    adopted = forms.ChoiceField(label=_("Do they use it now?"), choices=USES, required=False, widget=forms.RadioSelect)
    outcome = forms.CharField(label=_("What came of it"), required=False, max_length=500)
    why = forms.CharField(label=_("Why"), required=False, max_length=300)


class FeedbackForm(forms.Form):
    """What somebody who takes part said."""

    text = forms.CharField(label=_("What did they say?"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
