"""The form of a webhook: where it goes, which events, and only where which facts fit."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from delivery.models import WebhookSubscription
from delivery.webhook_services import FACTS, WebhookError, events_for
from delivery.webhooks import EventType
from references.errors import DomainError
from users.models import User

T = TypeVar("T")
PREFIX = "only_"


class WebhookForm(forms.Form):
    """A webhook of `owner`, who may hear of only some events."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What listens: the website, the newsroom…"))
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("A public address by HTTPS that takes POST and answers within ten seconds."),
    )
    events = forms.MultipleChoiceField(label=_("Tell it when"), widget=forms.CheckboxSelectMultiple)
    filters = forms.CharField(required=False, widget=forms.HiddenInput)  # where refusals of filters land

    def __init__(self, data: Mapping[str, Any] | None, *, owner: User, row: WebhookSubscription | None = None) -> None:
        super().__init__(data, initial=_read(row) if row else None)
        known = events_for(owner)
        self.fields["events"].choices = [(event.name, event) for event in known]  # type: ignore[attr-defined]
        for fact, label in FACTS.items():
            examples = _examples(known, fact)
            if examples:
                words = _("For example %(values)s.") % {"values": ", ".join(examples)}
                self.fields[PREFIX + fact] = forms.CharField(label=str(label), required=False, help_text=words)

    def narrowing(self) -> list[forms.BoundField]:
        """The fields of filters."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def is_narrowed(self) -> bool:
        """Whether any filter is in use, or was refused."""
        return any(field.value() for field in self.narrowing()) or "filters" in self.errors

    def values(self) -> dict[str, Any]:
        """What the service takes; commas separate the values of a fact."""
        given = self.cleaned_data
        filters = {
            name.removeprefix(PREFIX): value.split(",") for name, value in given.items() if name.startswith(PREFIX)
        }
        return {"name": given["name"], "url": given["url"], "events": given["events"], "filters": filters}


def refusing(save: Callable[[], T]) -> T:
    """Call `save`; its WebhookError becomes a DomainError, which forms put beside the field at fault."""
    try:
        return save()
    except WebhookError as error:
        raise DomainError(error.code, error.message, error.field) from error


def _read(row: WebhookSubscription) -> dict[str, Any]:
    filters = {PREFIX + fact: ", ".join(values) for fact, values in row.filters.items()}
    return {"name": row.name, "url": row.url, "events": row.events, **filters}


def _examples(events: list[EventType], fact: str) -> list[str]:
    """What a fact may say, by the events that carry it; none where no event does."""
    values: set[str] = set()
    for event in events:
        value = event.example.get(fact)
        values.update(map(str, value if isinstance(value, list) else [] if value is None else [value]))
    return sorted(values)
