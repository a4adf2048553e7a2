"""The form of a slot: what, where, when in the time of the place, for whom, and who would fit."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references import activities
from references.enums import Facet
from references.models import SpeakingSlot, Tag
from users.enums import Role
from users.middleware import known_zones
from users.models import User
from web.pool.forms import DayInput, TagsField
from web.slots.words import KINDS


class SlotForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place on a stage, a microphone or an interview for which a speaker is wanted."""

    facets = (Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.ROLE, Facet.SENIORITY, Facet.TECHNOLOGY)
    time_zone = forms.ChoiceField(label=_("Time zone of the place"))
    language = forms.ChoiceField(label=_("Language"))
    activity = forms.ChoiceField(label=_("What"))
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    tags = TagsField(label=_("Who would fit"), help_text=_("Industry, product, role: the ranking goes by these."))

    class Meta:
        model = SpeakingSlot
        fields = (
            "activity", "event", "topic", "starts_at", "time_zone", "minutes", "place", "region", "format", "audience",
            "language", "deadline", "travel", "url", "owner",
        )  # fmt: skip
        widgets = {
            "starts_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "deadline": DayInput(),
        }
        help_texts = {
            "starts_at": _("In the time of the place"),
            "deadline": _("By when a speaker must be found; then the slot is closed"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(TagsField, self.fields["tags"]).offer(self.facets)
        self._choices("region").queryset = Tag.objects.accepted().filter(facet=Facet.REGION).order_by("name")
        keepers = User.objects.filter(is_active=True, role__in=[Role.MARKETER, Role.MANAGER, Role.ADMIN])
        self._choices("owner").queryset = keepers.order_by("name", "email")
        labels = dict(activities.CHOICES)
        self._set("activity", [(code, labels[code]) for code in dict.fromkeys([*KINDS, self.instance.activity])])
        self._set("time_zone", [(zone, zone.replace("_", " ")) for zone in sorted(known_zones())])
        self._set("language", _languages(self.instance.language))
        if self.instance.starts_at is not None:
            zone = ZoneInfo(self.instance.time_zone)
            self.initial["starts_at"] = timezone.make_naive(self.instance.starts_at, zone)
        if self.instance.pk:
            self.initial["tags"] = list(self.instance.slot_tags.values_list("tag_id", flat=True))

    def full_clean(self) -> None:
        """Read the time as one of the place."""
        zone = self.data.get(self.add_prefix("time_zone"), "") if self.is_bound else ""
        with timezone.override(ZoneInfo(zone) if zone in known_zones() else timezone.get_current_timezone()):
            super().full_clean()

    def _post_clean(self) -> None:
        """The service judges and writes the row, not the form."""

    def _choices(self, name: str) -> "forms.ModelChoiceField[Any]":
        return cast("forms.ModelChoiceField[Any]", self.fields[name])

    def _set(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices


def language_name(code: str) -> str:
    """A language by its English name; the code itself where it has none."""
    return str(LANG_INFO.get(code, {}).get("name", code))


def _languages(kept: str) -> list[tuple[str, str]]:
    """Languages by their English names, those without a country; the one that is kept in any case."""
    named = {code: str(info["name"]) for code, info in LANG_INFO.items() if "name" in info and "-" not in code}
    named.setdefault(kept, kept)
    return sorted(named.items(), key=lambda each: each[1])
