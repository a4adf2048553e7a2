"""The form behind a promoter's personal link: for people, tiresome to machines, kept once."""

from collections.abc import Mapping
from time import time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from web.wall.lead_form import FASTEST, OLDEST, Token, read_token


class InviteForm(forms.Form):
    """What somebody says of themselves who came by a promoter's link; `nickname` is a trap that people do not see."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}))
    company = forms.CharField(
        label=_("Your company"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    note = forms.CharField(
        label=_("What do you need? (optional)"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    agrees = forms.BooleanField(error_messages={"required": _("Please tick this, or we may not write to you.")})
    nickname = forms.CharField(required=False, widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}))
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="invite-%s")
        text = _t("%(program)s may keep what I wrote and write to me about it. I can take this back at any time.")
        self.fields["agrees"].label = text % {"program": settings.PROGRAM_NAME}
        self.fields["nickname"].label = _t("Leave this empty")
        self.read: Token | None = None

    def clean_nickname(self) -> str:
        """Refuse what was written into the trap."""
        if self.cleaned_data["nickname"]:
            raise ValidationError(_t("Please leave this field empty; only machines fill it in."), code="trap")
        return ""

    def clean(self) -> dict[str, Any]:
        """Refuse a form that nobody was shown, that was sent faster than one can write, or that lay too long."""
        data = super().clean() or {}
        self.read = read_token(str(data.get("token", "")))
        age = -1 if self.read is None else int(time()) - self.read.shown_at
        if self.read is None or age > OLDEST:
            raise ValidationError(_t("This form lay open too long. Please send it once more."), code="too_old")
        if age < FASTEST:
            raise ValidationError(
                _t("That was very fast. Please wait a moment and send it once more."), code="too_fast"
            )
        return data
