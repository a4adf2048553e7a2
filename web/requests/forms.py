"""Forms of requests and of what is done with their matches: they check the shape, services decide."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.enums import DealResult, DeclineReason, Side, Urgency
from matching.models.requests import MOST_REFERENCES
from matching.services.requests import GROUP_CALL
from references import activities
from web.find.state import TEXT_LIMIT
from web.pool.forms import DayInput

AS_THE_BRIEF_SAYS = ("", _("As the brief says"))
ONE_TO_ONE = ("", "call")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **options)


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RequestForm(forms.Form):
    """What is needed for a deal; whatever is left empty is read from the brief."""

    brief = forms.CharField(
        label=_("The deal, or who you need"), required=False, max_length=TEXT_LIMIT, widget=_lines(4),
        help_text=_("What is left empty below is read from here."),
    )  # fmt: skip
    deal = forms.CharField(label=_("Deal"), required=False, max_length=200)
    prospects = forms.CharField(
        label=_("Prospect"), required=False, max_length=4_000, widget=_lines(1),
        help_text=_("One a line; several share one hour in a group call."),
    )  # fmt: skip
    activity = forms.ChoiceField(label=_("For what"), required=False, choices=[AS_THE_BRIEF_SAYS, *activities.CHOICES])
    needed_by = forms.DateField(label=_("Needed by"), required=False, widget=DayInput())
    quantity = forms.IntegerField(label=_("How many references"), min_value=1, max_value=MOST_REFERENCES, initial=1)
    deal_value = forms.DecimalField(label=_("Deal value"), required=False, min_value=0, max_digits=16, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    why = forms.CharField(
        label=_("Why it matters"), required=False, max_length=4_000, widget=_lines(2),
        help_text=_("The customer reads it when asked."),
    )  # fmt: skip
    questions = forms.CharField(
        label=_("What the prospect wants to know"), required=False, max_length=4_000, widget=_lines(3),
        help_text=_("One question a line; the customer can prepare for them."),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=Urgency.choices, initial=Urgency.NORMAL, required=False,
        help_text=_("Urgent shortens the time to decide and to answer; your team has a few a month."),
    )  # fmt: skip
    deal_stage = forms.CharField(label=_("Stage"), required=False, max_length=80)
    deal_id = forms.CharField(label=_("Deal in the CRM"), required=False, max_length=120)
    override_reason = forms.CharField(
        label=_("Why to ask all the same"), required=False, max_length=300, widget=_lines(2)
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, is_override: bool = False, locked: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        for name in locked:
            self.fields[name].disabled = True
            self.fields[name].help_text = _("People are held or asked for this already.")
        if is_override:
            self.fields["override_reason"].required = True
        else:
            del self.fields["override_reason"]

    def clean_prospects(self) -> list[str]:
        """One name a line."""
        return [line.strip() for line in self.cleaned_data["prospects"].splitlines() if line.strip()]

    def clean_urgency(self) -> str:
        """Normal unless said otherwise."""
        return self.cleaned_data["urgency"] or Urgency.NORMAL

    def clean(self) -> dict[str, Any]:
        """Several prospects make a group call of a call."""
        cleaned: dict[str, Any] = super().clean() or {}
        if len(cleaned.get("prospects", ())) > 1 and cleaned.get("activity", "") in ONE_TO_ONE:
            cleaned["activity"] = GROUP_CALL
        return cleaned


class ScheduleForm(forms.Form):
    """When and where it takes place."""

    at = forms.DateTimeField(label=_("When"), widget=MomentInput())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=600, initial=30)
    meeting = forms.CharField(
        label=_("Where"), required=False, max_length=300, help_text=_("A link, a number or a room")
    )


class HowItWentForm(forms.Form):
    """Whether it took place and how it was, as the requester saw it."""

    YES, NO_PROSPECT, NO_CUSTOMER = "yes", str(Side.REQUESTER), str(Side.PROMOTER)
    happened = forms.ChoiceField(label=_("Did it take place?"), widget=forms.RadioSelect)
    helpful = forms.TypedChoiceField(
        label=_("How helpful was it?"), required=False, coerce=int, empty_value=None,
        choices=[
            ("", _("not said")), (5, _("5: it moved the deal")), (4, "4"), (3, _("3: so-so")), (2, "2"),
            (1, _("1: not at all")),
        ],
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("Hours it took you"), required=False, min_value=0, max_value=999, max_digits=5, decimal_places=2
    )
    again = forms.TypedChoiceField(
        label=_("Would you ask them again?"), required=False, empty_value=None, coerce=lambda value: value == "yes",
        choices=[("", _("not said")), ("yes", _("Yes")), ("no", _("No"))],
    )  # fmt: skip
    comment = forms.CharField(label=_("Comment"), required=False, max_length=4_000, widget=_lines(2))

    def __init__(self, *args: Any, can_fail: bool, is_live: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(self.YES, _("Yes") if is_live else _("Yes, it is done"))]
        if can_fail:
            choices += [
                (self.NO_PROSPECT, _("No, the prospect did not come")),
                (self.NO_CUSTOMER, _("No, the customer did not come")),
            ]
        self.fields["happened"].choices = choices  # type: ignore[attr-defined]
        if not can_fail:
            self.fields["happened"].initial = self.YES


class AnswerForm(forms.Form):
    """A yes given by telephone, with the time that was agreed, if one was."""

    at = forms.DateTimeField(label=_("A time that would suit"), required=False, widget=MomentInput())

    def times(self) -> list[datetime]:
        """The times given: one or none."""
        moment = self.cleaned_data["at"]
        return [moment] if moment else []


class DeclineForm(forms.Form):
    """A no given by telephone."""

    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason.choices)
    not_before = forms.DateField(label=_("Not before"), required=False, widget=DayInput())
    note = forms.CharField(label=_("Their words"), required=False, max_length=2_000, widget=_lines(2))


class OutcomeForm(forms.Form):
    """How the deal ended."""

    result = forms.ChoiceField(label=_("The deal is"), choices=DealResult.choices, widget=forms.RadioSelect)
    value = forms.DecimalField(label=_("Value"), required=False, min_value=0, max_digits=16, decimal_places=2)
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3)
    note = forms.CharField(
        label=_("In a sentence"), required=False, max_length=500, widget=_lines(2),
        help_text=_("Kept with the deal; the customers who helped hear whether it was won."),
    )  # fmt: skip


class CommentForm(forms.Form):
    """Something said to everybody who sees the request."""

    text = forms.CharField(label=_("Comment"), max_length=4_000, widget=_lines(2))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class CancelForm(forms.Form):
    """Why a request is called off."""

    why = forms.CharField(label=_("Why"), required=False, max_length=300)
