"""What webhooks of managers hear of surveys: that an answer came, without whose and without its words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from delivery.webhooks import EventType, register_event
from references.loyalty import classify_score
from surveys.models import Response

RESPONSE_RECEIVED = "response.received"
_RESPONSE = {
    "id": 41,
    "campaign": 3,
    "score": 9,
    "class": "promoter",
    "channel": "email",
    "answered_on": "2027-05-06",
    "has_comment": True,
}
EVENTS = (EventType(RESPONSE_RECEIVED, _("Somebody answered a survey"), _RESPONSE, for_managers=True),)


def register_events() -> None:
    """Let webhooks of managers be subscribed to by these events."""
    for event in EVENTS:
        register_event(event)


def describe_response(row: Response) -> dict[str, Any]:
    """An answer by its score and class; whose it is and what it says stay here."""
    return {
        "id": row.pk,
        "campaign": row.campaign_id,
        "score": row.score,
        "class": classify_score(row.score).value,
        "channel": row.channel,
        "answered_on": None if row.answered_on is None else row.answered_on.isoformat(),
        "has_comment": bool(row.comment),
    }
