"""Forms of API keys: what a new one may do and for how long, and how long a replaced one goes on working."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from users.enums import SCOPES_BY_ROLE, Scope
from users.models import User

LIFETIMES = (("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")), ("", _("without end")))
KEPT = (("0", _("not at all: it ends now")), ("24", _("24 hours")), ("168", _("7 days")), ("720", _("30 days")))


class KeyForm(forms.Form):
    """A new key of `user`; only scopes that somebody in their role can use."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What will use it: the CRM, a script, a site…"))
    scopes = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(label=_("It works for"), choices=LIFETIMES, required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, user: User) -> None:
        super().__init__(data, initial={"days": "365"})
        usable = SCOPES_BY_ROLE.get(user.role, ())
        self.fields["scopes"].choices = [(each.value, f"{each.label} ({each.value})") for each in usable]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        expires = timezone.now() + timedelta(days=int(given["days"])) if given["days"] else None
        return {"name": given["name"], "scopes": [Scope(each) for each in given["scopes"]], "expires": expires}


class ReplaceForm(forms.Form):
    """How long the old key goes on working."""

    hours = forms.TypedChoiceField(label=_("The old key works on for"), choices=KEPT, coerce=int, initial="24")
