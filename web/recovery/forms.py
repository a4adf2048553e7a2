"""Forms of recovery plays: they check the shape, the services decide."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.enums import PlayKind, PlayStatus
from advocacy.models import PlayTemplate
from advocacy.services.recovery_changes import LONGEST_COMMENT
from references.models import Contact
from users.enums import Role
from users.models import User
from web.pool.forms import DayInput

OPENS_FOR = [("", _("nobody: by hand")), ("passive", _("passives (7–8)")), ("detractor", _("detractors (0–6)"))]
MOST_OWNERS = 200


def choose_owner(form: forms.Form, contact: Contact) -> None:
    """Offer those who may know whom the play is about: managers, and the account owner."""
    may = Q(role__in=[Role.MANAGER, Role.ADMIN]) | Q(pk=contact.customer.account_owner_id)
    field = cast("forms.ModelChoiceField[User]", form.fields["owner"])
    field.queryset = User.objects.filter(may, is_active=True).order_by("name", "email")


class ChangeForm(forms.Form):
    """Whose a play is, and until when."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("nobody"), to_field_name="pk"
    )
    due_on = forms.DateField(label=_("Due"), widget=DayInput())

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_owner(self, contact)


class OpenForm(forms.Form):
    """How somebody is won back; without a day, within the days of the template."""

    template = forms.ModelChoiceField(
        PlayTemplate.objects.none(), label=_("Play"), required=False, empty_label=_("Call: listen, agree, tell")
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=300)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, empty_label=_("the account owner")
    )
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=DayInput(), help_text=_("Empty: within the days of the play")
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_owner(self, contact)
        field = cast("forms.ModelChoiceField[PlayTemplate]", self.fields["template"])
        field.queryset = PlayTemplate.objects.filter(is_active=True)


class MoveForm(forms.Form):
    """What came of a play, or that it goes on."""

    to = forms.ChoiceField(choices=PlayStatus.choices, widget=forms.HiddenInput)
    outcome = forms.CharField(
        label=_("What came of it"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CommentForm(forms.Form):
    """A word for the history."""

    text = forms.CharField(
        label=_("Note"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class TemplateForm(forms.Form):
    """A template of plays; one step a line."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=PlayKind.choices)
    about = forms.CharField(
        label=_("What it is for"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    steps = forms.CharField(
        label=_("Steps"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line, in order"),
        max_length=4_000,
    )
    due_days = forms.IntegerField(label=_("Due within days"), min_value=1, max_value=365, initial=7)
    opens_for = forms.ChoiceField(
        label=_("Opens by itself for"),
        choices=OPENS_FOR,
        required=False,
        help_text=_("When such an answer comes in. One template a class: this one takes it over."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
