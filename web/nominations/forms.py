"""Forms of nominations: they check the shape, the service decides."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from references import activities


class NominationForm(forms.Form):
    """A moment, and whom it speaks for: somebody in `people` (id, description), or someone new."""

    contact = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    person_name = forms.CharField(label=_("Name"), required=False, max_length=200)
    person_title = forms.CharField(label=_("Job title"), required=False, max_length=200)
    person_email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Kept for when they are approved, and shown to nobody before.")
    )
    moment = forms.CharField(
        label=_("The moment"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they said or did, in their words"),
    )
    activities = forms.MultipleChoiceField(
        label=_("Would suit for"),
        required=False,
        choices=activities.CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Advice to the manager; nothing is asked of them yet."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], is_fixed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_fixed:
            for name in ("contact", "person_name", "person_title", "person_email"):
                del self.fields[name]
        elif people:
            choice = cast(forms.TypedChoiceField, self.fields["contact"])
            choice.choices = [("", _("someone new")), *people]
        else:
            del self.fields["contact"]


class DecisionForm(forms.Form):
    """What is decided of a nomination."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever nominated reads it; needed where it is not approved."),
    )
    activate = forms.BooleanField(
        label=_("Make them an active promoter at once"),
        required=False,
        help_text=_("Nothing can be asked before a consent is on file."),
    )
