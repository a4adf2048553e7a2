"""Forms of consents: they check the shape, services decide and write."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from references import activities
from references.consent_view import Whose
from references.enums import Channel, Facet
from references.models import CaseStudy, Contact, Customer, Tag, Testimonial
from references.rights import asset_of
from references.wording import Written, name_of, noun_of
from web.pool.forms import DayInput

MOST_PIECES = 200


class ScopeForm(forms.Form):
    """Where and until when something is allowed, and whether with the name."""

    channel = forms.ChoiceField(label=_("Where"), choices=Channel.choices, initial=Channel.ANY)
    region = forms.ModelChoiceField(
        label=_("Only in"), required=False, queryset=Tag.objects.none(), empty_label=_("everywhere")
    )
    valid_until = forms.DateField(label=_("Until"), required=False, widget=DayInput(), help_text=_("Empty: no end"))
    is_attributed = forms.BooleanField(label=_("With their name"), required=False, initial=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        regions = Tag.objects.accepted().filter(facet=Facet.REGION)
        cast("forms.ModelChoiceField[Tag]", self.fields["region"]).queryset = regions


class SubjectForm(ScopeForm):
    """For what: an activity, or one piece of content alone, whose asset is then what is allowed."""

    activity = forms.ChoiceField(label=_("For what"), choices=activities.CHOICES, initial="quote")
    piece = forms.ChoiceField(
        label=_("Only for one piece"), required=False, help_text=_("Then nothing else of theirs is allowed by it.")
    )

    def __init__(self, *args: Any, customer: Customer, contact: Contact | None, whose: Whose, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pieces = {f"{noun_of(each)}:{each.pk}": each for each in _pieces_of(customer, contact)}
        names = [(key, whose.hide(name_of(each))) for key, each in self.pieces.items()]
        choices = [("", gettext("no: for everything of that kind")), *names]
        cast("forms.ChoiceField", self.fields["piece"]).choices = choices
        if not names:
            del self.fields["piece"]

    def clean(self) -> dict[str, Any]:
        """The piece itself instead of its key, with its asset as the activity."""
        data = super().clean() or {}
        data["piece"] = self.pieces.get(data.get("piece", ""))
        if data["piece"] is not None:
            data["activity"] = asset_of(data["piece"])
        return data


class ConsentForm(SubjectForm):
    """What a person, or the whole customer, allows, and what shows it."""

    is_whole_customer = forms.BooleanField(
        label=_("The whole customer allows it, not only this person"), required=False
    )
    valid_from = forms.DateField(label=_("From"), widget=DayInput())
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=300,
        required=False,
        help_text=_("Where it is written: a mail, a contract clause"),
    )
    file = forms.FileField(
        label=_("The evidence itself"), required=False, help_text=_("A PDF, a picture, or a mail as plain text")
    )
    field_order = (
        "activity", "piece", "channel", "region", "valid_from", "valid_until", "is_attributed", "is_whole_customer",
        "evidence", "file",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valid_from"].initial = timezone.localdate


class SupersedeForm(ScopeForm):
    """What a consent says from now on."""

    valid_from = forms.DateField(label=_("From"), widget=DayInput())
    evidence = forms.CharField(label=_("Evidence"), max_length=300, required=False)
    file = forms.FileField(
        label=_("The evidence itself"), required=False, help_text=_("A PDF, a picture, or a mail as plain text")
    )
    field_order = ("channel", "region", "valid_from", "valid_until", "is_attributed", "evidence", "file")


class AskForm(SubjectForm):
    """What a promoter is asked to allow, and what for."""

    why = forms.CharField(
        label=_("What for"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it: the page, the campaign, the event"),
    )
    field_order = ("activity", "piece", "channel", "region", "valid_until", "is_attributed", "why")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valid_until"].initial = timezone.localdate() + timedelta(days=730)


class RevokeForm(forms.Form):
    """Why a consent ends."""

    why = forms.CharField(label=_("Why"), max_length=300, required=False)


def _pieces_of(customer: Customer, contact: Contact | None) -> list[Written]:
    """The customer's pieces that are the person's or nobody's own, the newest first."""
    theirs = Q() if contact is None else Q(contact__isnull=True) | Q(contact=contact)
    return [
        *CaseStudy.objects.filter(theirs, customer=customer).order_by("-pk")[:MOST_PIECES],
        *Testimonial.objects.filter(theirs, customer=customer).order_by("-pk")[:MOST_PIECES],
    ]
