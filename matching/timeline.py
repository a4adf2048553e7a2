"""The time line of a request: every move of it and of its matches, and every comment, in order, with who and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from matching.models import Match, Request
from matching.showing import ShownMatch, hide_from
from references.enums import Actor
from references.models import StateChange
from references.services.saving import name_subject


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: `kind` is request, match or comment; `actor` who did it, as `actor_name` in words.

    For a move `to` is the state reached; for a match `match_id` says which. `text` is the reason, or the comment.
    """

    at: datetime
    kind: str
    actor: str
    actor_name: str
    to: str = ""
    before: str = ""
    match_id: int | None = None
    text: str = ""


def read_timeline(request: Request, matches: Sequence[Match]) -> list[Event]:
    """Read the time line of a request with these matches, oldest first; two queries."""
    subjects: Mapping[str, int | None] = {
        name_subject(request): None,
        **{name_subject(match): match.pk for match in matches},
    }
    events = [
        Event(
            at=change.at,
            kind="request" if subjects[change.subject] is None else "match",
            actor=change.actor,
            actor_name="" if change.by is None else str(change.by),
            to=change.to_status,
            before=change.from_status,
            match_id=subjects[change.subject],
            text=change.why,
        )
        for change in StateChange.objects.filter(subject__in=subjects).select_related("by").order_by("at", "id")
    ]
    events += [
        Event(
            at=comment.at,
            kind="comment",
            actor=Actor.USER,
            actor_name="" if comment.author is None else str(comment.author),
            text=comment.text,
        )
        for comment in request.comments.select_related("author")
    ]
    return sorted(events, key=lambda event: event.at)


def blind_events(events: Sequence[Event], shown: Sequence[ShownMatch]) -> list[Event]:
    """The events without the names, in what people wrote, that the viewer of these matches may not see."""
    return [replace(event, text=hide_from(shown, event.text)) for event in events]
