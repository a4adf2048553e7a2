"""Forms of the content library: they check the shape, services decide."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from references.blinding import blind_title
from references.enums import Channel
from references.models import Contact, ProofPoint
from web.pool.forms import DayInput


class GiveForm(forms.Form):
    """To whom a draft is given, and what for."""

    contact = forms.ModelChoiceField(label=_("To whom"), queryset=Contact.objects.none())
    note = forms.CharField(
        label=_("What is it for?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They read it in the mail and on the page: where it will appear, until when you need it."),
    )

    def __init__(self, *args: Any, people: Sequence[Contact], names_people: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast("forms.ModelChoiceField[Contact]", self.fields["contact"])
        field.queryset = Contact.objects.filter(pk__in=[each.pk for each in people])
        field.label_from_instance = _name if names_people else _title  # type: ignore[method-assign]


def _name(obj: Contact) -> str:
    return f"{obj.name}, {obj.title}" if obj.title else obj.name


def _title(obj: Contact) -> str:
    return blind_title(obj.title, [obj.name]) or str(_("someone"))


class RecallForm(forms.Form):
    """Why it is not to be used any more."""

    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class NumberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A number, before and after, with its unit and how it was measured."""

    class Meta:
        model = ProofPoint
        fields = ("metric", "before", "after", "unit", "amount", "currency", "how_measured", "measured_on")
        widgets = {"measured_on": DayInput()}

    def _post_clean(self) -> None:
        """The service judges and writes the row, not the form."""


class UseForm(forms.Form):
    """A place in which a piece is used."""

    place = forms.CharField(label=_("Where"), max_length=200, help_text=_("A page, a deck, an advertisement"))
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[each for each in Channel.choices if each[0] != Channel.ANY], initial=Channel.WEB
    )
    since = forms.DateField(label=_("Since"), required=False, widget=DayInput())
