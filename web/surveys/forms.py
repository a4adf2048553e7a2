"""The forms of a campaign: what is asked and what follows, and whom, as a filter of everybody we know."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from references.enums import Facet, Health, Loyalty, Seniority, SizeBand, Tier
from references.models import Tag
from surveys.enums import CampaignStatus
from surveys.models import Campaign
from surveys.people_filter import STATUSES
from surveys.services.campaigns import WHILE_CLOSED, WHILE_RUNNING, CampaignData
from surveys.wording import LONGEST, PARTS, default_wording, subject_of
from users.models import User
from web.pool.forms import DayInput
from web.querying import write_query

PICKED = (
    Facet.INDUSTRY, Facet.PRODUCT, Facet.REGION, Facet.ROLE, Facet.SOLUTION, Facet.LANGUAGE, Facet.TECHNOLOGY,
    Facet.COMPETITOR, Facet.PERSONA,
)  # fmt: skip
BANDS: tuple[tuple[str, Any, Sequence[tuple[str, Any]]], ...] = (
    ("loyalty", _("Class"), Loyalty.choices),
    ("status", _("Status"), STATUSES),
    ("seniority", _("Seniority"), Seniority.choices),
    ("size", _("Size of the customer"), SizeBand.choices),
    ("tier", _("Tier of the customer"), Tier.choices),
    ("health", _("Health of the customer"), Health.choices),
)
PART_LABELS = {
    "question": _("The question"),
    "why": _("What is asked next"),
    "thanks": _("Thanks"),
    "invitation": _("The first lines of the mail"),
}
SETTINGS = (
    "name", "product", "subject_name", "sample_size", "rest_days", "reminder_days", "most_reminders", "opens_on",
    "closes_on", "asks_consent", "shows_review_sites", "welcomes_at_once", "pauses_on_fall", "opens_plays", "owner",
)  # fmt: skip


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a campaign asks, when, and what follows; `texts` are one field for each part and language."""

    sites = forms.CharField(
        label=_("Sites that may show it"),
        required=False,
        widget=forms.Textarea({"rows": 2, "placeholder": "https://app.example.com"}),
        help_text=_("For the question in your product: one site a line. Empty: none may."),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    class Meta:
        model = Campaign
        fields = SETTINGS
        widgets = {"opens_on": DayInput(), "closes_on": DayInput()}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        row = self.instance
        self.fields["key"].initial = uuid.uuid4().hex
        self.fields["sites"].initial = "\n".join(row.widget_origins)
        self._offer("product", Tag.objects.accepted().filter(facet=Facet.PRODUCT).order_by("name"))
        self._offer("owner", User.objects.filter(is_active=True).exclude(role="sales").order_by("name"))
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                ours = default_wording(subject_of(row))
            for part in PARTS:
                field = forms.CharField(
                    label=PART_LABELS[part],
                    required=False,
                    max_length=LONGEST,
                    initial=row.texts.get(language, {}).get(part, ""),
                    widget=forms.Textarea({"rows": 2, "placeholder": getattr(ours, part), "lang": language}),
                )
                self.fields[f"{part}_{language}"] = field
        for name, each in self.fields.items():
            each.disabled = name != "key" and not self._is_free(name)

    def _offer(self, name: str, rows: Any) -> None:
        cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def _is_free(self, name: str) -> bool:
        """Whether a field may still be changed."""
        if self.instance.pk is None or self.instance.status == CampaignStatus.DRAFT:
            return True
        free = WHILE_RUNNING if self.instance.status == CampaignStatus.RUNNING else WHILE_CLOSED
        return ("texts" if name.partition("_")[0] in PARTS else name) in free

    @property
    def by_language(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(code, name, the fields of its texts) of each language."""
        return [(code, name, [self[f"{part}_{code}"] for part in PARTS]) for code, name in settings.LANGUAGES]

    def give_data(self, audience: str | None) -> CampaignData:
        """The clean form as the service takes it: only what may be changed; `audience` None leaves it."""
        clean = self.cleaned_data
        data = {name: clean[name] for name in SETTINGS if self._is_free(name)}
        if self._is_free("question_en"):
            given = {code: {part: clean[f"{part}_{code}"] for part in PARTS} for code, _name in settings.LANGUAGES}
            data["texts"] = given
        if self._is_free("sites"):
            data["widget_origins"] = clean["sites"].splitlines()
        if audience is not None and self._is_free("audience"):
            data["audience"] = audience
        return cast("CampaignData", data)

    def _post_clean(self) -> None:
        """The service validates the row and writes it; the form leaves it as it is."""


class AudienceForm(forms.Form):
    """Whom a campaign asks; all empty: nobody is invited by the program itself."""

    prefix = "who"

    everybody = forms.BooleanField(label=_("Everybody we know"), required=False)
    search = forms.CharField(label=_("Words of the job title or the tags"), required=False, max_length=200)
    not_surveyed_since = forms.DateField(
        label=_("Not asked by a survey since"), required=False, widget=DayInput, help_text=_("On this day or later.")
    )
    answered_before = forms.DateField(label=_("Last answered before"), required=False, widget=DayInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names: dict[str, list[tuple[str, str]]] = {}
        tags = Tag.objects.accepted().filter(facet__in=PICKED).order_by("name")
        for facet, slug, name in tags.values_list("facet", "slug", "name"):
            names.setdefault(facet, []).append((slug, name))
        for facet in PICKED:
            if names.get(facet):
                self._choose(facet.value, facet.label, names[facet])
        for code, label, choices in BANDS:
            self._choose(code, label, choices)
        owners = User.objects.filter(is_active=True, owned_customers__isnull=False).distinct().order_by("name")
        self._choose("owner", _("Account owner"), [(str(pk), name) for pk, name in owners.values_list("pk", "name")])

    def _choose(self, name: str, label: Any, choices: Iterable[tuple[str, Any]]) -> None:
        widget = forms.SelectMultiple({"data-picker": _t("Type to add…")})
        self.fields[name] = forms.MultipleChoiceField(label=label, required=False, choices=list(choices), widget=widget)

    @classmethod
    def initial_of(cls, audience: str) -> dict[str, Any]:
        """What the form starts with: the filter as it is kept."""
        query = QueryDict(audience)
        one = ("search", "not_surveyed_since", "answered_before")
        found: dict[str, Any] = {name: query.getlist(name) for name in query}
        found.update({name: query[name] for name in one if name in query})
        return {**found, "everybody": query.get("everybody", "").lower() == "true"}

    @property
    def audience(self) -> str:
        """The clean form as a filter's query string."""
        return write_filter(self.cleaned_data)


def write_filter(data: Mapping[str, Any]) -> str:
    """A query string of what was chosen; "" where nothing was."""
    values: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, bool):
            values[name] = "true" if value else ""
        elif isinstance(value, list):
            values[name] = value
        elif value is not None:
            values[name] = str(value)
    return write_query(values).removeprefix("?")


class ReopenForm(forms.Form):
    """Until when a closed campaign takes answers again."""

    closes_on = forms.DateField(
        label=_("Until"), required=False, widget=DayInput, help_text=_("Empty: until it is closed.")
    )
