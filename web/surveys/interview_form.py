"""What an interviewer says of a call: an answer, nobody there, or somebody who would rather not."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from surveys.enums import AnswerChannel
from surveys.models import Invitation
from surveys.services.answering import record_response
from surveys.services.calling import note_missed_call, refuse_call
from users.models import User
from web.pool.forms import DayInput

SCORES = [(str(score), str(score)) for score in range(11)]


def _line() -> forms.TextInput:
    return forms.TextInput({"class": "form-control"})


def _tick() -> forms.CheckboxInput:
    return forms.CheckboxInput({"class": "form-check-input"})


class AnswerForm(forms.Form):
    """A score from 0 to 10, why, and in which language it was asked."""

    score = forms.TypedChoiceField(choices=SCORES, coerce=int, error_messages={"required": _("Choose a number first.")})
    comment = forms.CharField(required=False, max_length=10_000)
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    def keep(self, row: Invitation, by: User) -> str:
        """Record the answer of the person called; raises DomainError."""
        data = self.cleaned_data
        record_response(
            campaign=row.campaign,
            score=data["score"],
            source=f"invitation:{row.pk}",
            channel=AnswerChannel.PHONE,
            comment=data["comment"],
            contact=row.contact,
            invitation=row,
            language=data["language"],
            interviewer=by,
        )
        return _t("Recorded: %(score)s. Thank them.") % {"score": data["score"]}


class MissedForm(forms.Form):
    """Nobody took the call: when to try again, or never."""

    again_on = forms.DateField(
        label=_("Call again on"), required=False, widget=DayInput(attrs={"class": "form-control"})
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=_line())
    gives_up = forms.BooleanField(label=_("Do not call again"), required=False, widget=_tick())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("gives_up") and data.get("again_on") is None and "again_on" not in self.errors:
            self.add_error("again_on", _t("Say a day, or that nobody calls again."))
        return data

    def keep(self, row: Invitation, by: User) -> str:
        """Note the call; raises DomainError."""
        data = self.cleaned_data
        again_on = None if data["gives_up"] else data["again_on"]
        note_missed_call(invitation=row, by=by, again_on=again_on, note=data["note"])
        return _t("Noted.")


class RefusedForm(forms.Form):
    """Somebody would rather not answer, this time or ever."""

    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=_line())
    opts_out = forms.BooleanField(label=_("Wants no more surveys at all"), required=False, widget=_tick())

    def keep(self, row: Invitation, by: User) -> str:
        """Note the refusal; raises DomainError."""
        refuse_call(invitation=row, by=by, note=self.cleaned_data["note"], opts_out=self.cleaned_data["opts_out"])
        return _t("Noted. They are not called again.")
