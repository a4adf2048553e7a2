"""Forms of the portal: they check the shape, services decide."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from matching.enums import DeclineReason
from matching.letters.words import activity_words
from references import activities
from references.enums import Channel
from references.services.own_page import MOST_PER_QUARTER

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
SCORES = [(str(score), str(score)) for score in range(1, 6)]
ASK_AGAIN_AFTER = timedelta(days=90)
_AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def zone_choices() -> tuple[tuple[str, str], ...]:
    """Every time zone by its place: "Europe/Oslo"."""
    names = sorted(name for name in available_timezones() if name.startswith(_AREAS))
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names))


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and time."""

    input_type = "datetime-local"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **options)


class PortalForm(forms.Form):
    """A form of the portal: several stand on one page, so each names its fields after itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.removesuffix('Form').lower()}_%s", **options})


def hidden_problems(tried: Mapping[str, forms.Form], shown: Collection[str]) -> list[str]:
    """What was wrong with forms that were sent, and stand on the page no more."""
    return [str(error) for name, form in tried.items() if name not in shown for error in form.non_field_errors()]


class TimesForm(PortalForm):
    """Up to three times that would suit, in the zone that is the current one while the form is checked."""

    time_1 = forms.DateTimeField(label=_("First time"), required=False, widget=MomentInput())
    time_2 = forms.DateTimeField(label=_("Second time"), required=False, widget=MomentInput())
    time_3 = forms.DateTimeField(label=_("Third time"), required=False, widget=MomentInput())
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=zone_choices, widget=forms.Select(attrs={"data-guess-zone": ""})
    )

    def clean(self) -> dict[str, Any]:
        """Gather the times in `times`."""
        data = super().clean() or {}
        times = [data.get(f"time_{number}") for number in (1, 2, 3)]
        data["times"] = [each for each in times if each is not None]
        for number, each in enumerate(times, start=1):
            if each is not None and each <= timezone.now():
                self.add_error(f"time_{number}", _now("That time is over already."))
        return data


class DeclineForm(PortalForm):
    """Why not."""

    reason = forms.ChoiceField(
        label=_("Why not?"),
        choices=[choice for choice in DeclineReason.choices if choice[0] != DeclineReason.NOT_NOW],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("A few words, if you like"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )


class LaterForm(PortalForm):
    """Not now, but later."""

    not_before = forms.DateField(label=_("Ask me again from"), widget=DayInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["not_before"].initial = timezone.localdate() + ASK_AGAIN_AFTER


class ColleagueForm(PortalForm):
    """Somebody who would suit better."""

    name = forms.CharField(label=_("Their name"), max_length=200)
    title = forms.CharField(label=_("Their job title"), required=False, max_length=200)
    email = forms.EmailField(
        label=_("Their e-mail"), required=False, help_text=_("Only if they know that you pass it on.")
    )
    note = forms.CharField(
        label=_("A few words, if you like"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )


class TakeBackForm(PortalForm):
    """Why a yes is taken back."""

    why = forms.CharField(label=_("What has come up? (optional)"), required=False, max_length=300)


class FeedbackForm(PortalForm):
    """How it was: four questions, and words."""

    happened = forms.ChoiceField(label=_("Did it take place?"), choices=YES_NO, widget=forms.RadioSelect, initial="yes")
    helpful = forms.ChoiceField(
        label=_("Was it worth your time?"),
        required=False,
        choices=SCORES,
        widget=forms.RadioSelect,
        help_text=_("1: not at all, 5: very much"),
    )
    hours = forms.DecimalField(
        label=_("How many hours did it take you, preparation included?"), required=False, min_value=0, max_value=500,
        max_digits=5, decimal_places=2, widget=forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"}),
    )  # fmt: skip
    again = forms.ChoiceField(
        label=_("Would you do it again?"), required=False, choices=YES_NO, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Anything else?"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecisionForm(PortalForm):
    """An approver's word; `version` is that of the match they looked at."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AddressForm(PortalForm):
    """Where the link to one's own page goes: the address on file, or nowhere."""

    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class LimitsForm(PortalForm):
    """How often, and for what."""

    max_per_quarter = forms.IntegerField(
        label=_("At most so many times a quarter"), required=False, min_value=0, max_value=MOST_PER_QUARTER
    )
    activities = forms.MultipleChoiceField(
        label=_("You may ask me for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, limit: int, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "activities", activities.CODES)
        self.fields["max_per_quarter"].help_text = _now(
            "Empty: our own limit, which is %(limit)s. 0: nothing that takes your time."
        ) % {"limit": limit}


class LanguageForm(PortalForm):
    """In which language, in which zone."""

    spoken = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, widget=forms.Select(attrs={"data-guess-zone": ""})
    )


class PauseForm(PortalForm):
    """Until when."""

    until = forms.DateField(
        label=_("Pause until"), required=False, widget=DayInput(), help_text=_("Empty: until you say so")
    )


class DaysOffForm(PortalForm):
    """Days on which nobody is to ask."""

    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(label=_("Until"), widget=DayInput())


class ConsentForm(PortalForm):
    """What is allowed, and where."""

    activity = forms.ChoiceField(label=_("For what"))
    channel = forms.ChoiceField(label=_("Where"), choices=Channel.choices, initial=Channel.ANY)
    is_attributed = forms.BooleanField(label=_("You may name me"), required=False, initial=True)

    def __init__(self, *args: Any, codes: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, "activity", codes)


class SuggestForm(PortalForm):
    """A colleague, or a moment of one's own."""

    person_name = forms.CharField(
        label=_("Whom?"), required=False, max_length=200, help_text=_("Empty: it is about you yourself")
    )
    person_title = forms.CharField(label=_("Their job title"), required=False, max_length=200)
    person_email = forms.EmailField(
        label=_("Their e-mail"), required=False, help_text=_("Only if they know that you pass it on.")
    )
    moment = forms.CharField(
        label=_("What happened?"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What went well, in your own words"),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class EraseForm(PortalForm):
    """The word that must be typed before everything is erased."""

    word = forms.CharField(max_length=20)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["word"].label = _now("Type %(word)s to confirm") % {"word": erase_word()}

    def clean_word(self) -> str:
        """Capitals do not matter."""
        word = str(self.cleaned_data["word"]).strip().casefold()
        if word != erase_word().casefold():
            raise ValidationError(_now("Please type the word as it stands there."), code="wrong_word")
        return word


def erase_word() -> str:
    """The word that confirms an erasure, in the language spoken now."""
    return _now("ERASE")


def _offer(form: forms.Form, name: str, codes: Sequence[str]) -> None:
    cast("forms.ChoiceField | forms.MultipleChoiceField", form.fields[name]).choices = [
        (code, activity_words(code)) for code in codes
    ]
