"""Forms of asks: they check the shape, services decide and write."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from advocacy.enums import AssignmentStatus
from advocacy.models import Ask, AskCampaign, ReviewSite
from advocacy.program import current_settings
from advocacy.services.asks import REVIEW
from web.pool.forms import DayInput


class HttpsURLField(forms.URLField):
    """An address whose scheme, where none is given, is https."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **options})


class AskForm(forms.ModelForm):  # type: ignore[type-arg]
    """One ask of the ladder."""

    rung = forms.IntegerField(
        label=_("Rung"), required=False, min_value=0, max_value=8, help_text=_("Empty: the activity's own")
    )

    class Meta:
        model = Ask
        fields = (
            "name", "activity", "rung", "text", "url", "review_site", "minutes", "points", "disclosure",
            "cool_down_days", "needs_evidence", "is_active",
        )  # fmt: skip
        field_classes = {"url": HttpsURLField}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "text": _("Promoters read it as it stands, in whatever language it is written."),
            "points": _("For taking part, stage by stage, whatever is said there. A survey earns none."),
            "disclosure": _(
                "Required where a review earns points; shown beside the ask, to be repeated in the review."
            ),
            "cool_down_days": _("So long nobody is asked for the same again."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sites = cast("forms.ModelChoiceField[ReviewSite]", self.fields["review_site"])
        sites.queryset = ReviewSite.objects.filter(is_active=True) | ReviewSite.objects.filter(
            pk=self.instance.review_site_id
        )

    def clean(self) -> dict[str, Any]:
        """A review that earns points discloses it: with the words of the program where none are given."""
        data = super().clean() or {}
        if data.get("activity") == REVIEW and data.get("points") and not data.get("disclosure"):
            data["disclosure"] = current_settings().review_disclosure
            if not data["disclosure"]:
                self.add_error("disclosure", gettext("A review that earns points says so: write what is disclosed."))
        return data


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """One review site."""

    class Meta:
        model = ReviewSite
        fields = ("name", "url", "is_active")
        field_classes = {"url": HttpsURLField}
        help_texts = {"url": _("The page on which a review of your product is written")}


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """One ask of many people."""

    audience = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=2_000,
        help_text=_(
            "Filter the promoters on their page, paste its address here. Empty: everybody. Nobody is picked by score."
        ),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    class Meta:
        model = AskCampaign
        fields = ("name", "ask", "audience", "most_people", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"note": _("Stands in the letter below the ask; the same for everybody.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Ask]", self.fields["ask"]).queryset = Ask.objects.filter(is_active=True)


class MoveForm(forms.Form):
    """What becomes of one ask, and the words, day or evidence that go with it."""

    to = forms.ChoiceField(
        choices=[
            (each, each)
            for each in (
                *(AssignmentStatus.ACCEPTED, AssignmentStatus.SCHEDULED, AssignmentStatus.DONE),
                *(AssignmentStatus.DECLINED, AssignmentStatus.CANCELLED, AssignmentStatus.CONFIRMED),
                *(AssignmentStatus.WITHDRAWN, "back", "longer"),
            )
        ]
    )
    why = forms.CharField(required=False, max_length=300)
    scheduled_on = forms.DateField(required=False, widget=DayInput())
    evidence_url = HttpsURLField(required=False, max_length=500)
    evidence = forms.CharField(required=False, max_length=2_000)
    days = forms.IntegerField(required=False, min_value=1, max_value=180)
