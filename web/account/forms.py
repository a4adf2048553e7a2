"""Forms of logging in and of the first start."""

from typing import Any, cast

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from users.middleware import known_zones
from users.models import User


class LoginForm(AuthenticationForm):
    """E-mail and password."""

    username = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": _("This e-mail and password do not go together. Check both and try again."),
        "inactive": _("This account is switched off. Ask your administrator."),
    }


class SettingsForm(forms.Form):
    """What users set for themselves."""

    name = forms.CharField(label=_("Your name"), max_length=150, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Times on all pages and in your letters."))
    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: the managers"),
        help_text=_("Decides on your customers where you have not decided in time."),
    )

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        initial = {"name": user.name, "time_zone": user.time_zone, "deputy": user.deputy_id}
        super().__init__(data, initial=initial)
        zones = cast(forms.ChoiceField, self.fields["time_zone"])
        zones.choices = [(zone, zone.replace("_", " ")) for zone in sorted(known_zones())]
        deputies = cast("forms.ModelChoiceField[User]", self.fields["deputy"])
        deputies.queryset = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name", "email")


class WelcomeForm(forms.Form):
    """The first administrator."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autofocus": True}))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Three unusual words are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Judge the password beside the name and address it must not resemble."""
        data = super().clean() or {}
        if data.get("password"):
            try:
                validate_password(data["password"], User(email=data.get("email", ""), name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data
