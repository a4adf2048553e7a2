"""The form for visitors: open to people, tiresome to machines, and without a session."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

SALT = "wall.lead"
FASTEST = 3
OLDEST = 4 * 3600
LETTERS = 2000


@dataclass(frozen=True, slots=True)
class Token:
    """What a form carries, signed: the key that lets it be kept once only, and when it was shown."""

    key: str
    shown_at: int


def make_token(*, shown_at: int | None = None) -> str:
    """A token for a form shown now."""
    given = {"key": secrets.token_hex(16), "at": int(time()) if shown_at is None else shown_at}
    return signing.dumps(given, salt=SALT)


def read_token(text: str) -> Token | None:
    """What a token says; None for a forged one."""
    try:
        read: dict[str, Any] = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return Token(str(read["key"]), int(read["at"]))


def agreement() -> str:
    """The sentence beside the box, kept with the lead as what was agreed to."""
    text = _t(
        "%(program)s may keep what I wrote for up to %(days)s days and write to me about it. "
        "I can take this back at any time."
    )
    return text % {"program": settings.PROGRAM_NAME, "days": settings.LEAD_DAYS}


class LeadForm(forms.Form):
    """What a visitor says of themselves; `nickname` is a trap that people do not see."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}))
    company = forms.CharField(
        label=_("Company (optional)"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    message = forms.CharField(
        label=_("What would you like to know? (optional)"),
        max_length=LETTERS,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    agrees = forms.BooleanField(error_messages={"required": _("Please tick this, or we may not write to you.")})
    nickname = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="", auto_id="lead-%s")
        self.fields["agrees"].label = agreement()
        self.read: Token | None = None
        for name, field in self.fields.items():
            if self.is_bound and name in self.errors:
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"lead-{name}-error"}

    def clean_nickname(self) -> str:
        """Refuse what was written into the trap."""
        if self.cleaned_data["nickname"]:
            raise ValidationError(_t("Please leave this field empty; only machines fill it in."), code="trap")
        return ""

    def clean_token(self) -> str:
        """Refuse a form that nobody was shown, that was sent faster than one can write, or that lay too long."""
        text: str = self.cleaned_data["token"]
        self.read = read_token(text)
        age = -1 if self.read is None else int(time()) - self.read.shown_at
        if self.read is None or age > OLDEST:
            raise ValidationError(_t("This form lay open too long. Please send it once more."), code="too_old")
        if age < FASTEST:
            raise ValidationError(
                _t("That was very fast. Please wait a moment and send it once more."), code="too_fast"
            )
        return text
