"""The requests that a piece of content served meanwhile, for the list of where it is used."""

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from matching.models import Request
from references.enums import ContentNoun
from references.where_used import Place, register_places
from references.wording import Written, noun_of
from users.models import User

MOST = 50


def register_content_places() -> None:
    """Let lists of where content is used name requests."""
    register_places(find_requests)


def find_requests(piece: Written, user: User) -> list[Place]:
    """The requests that `user` sees in which a piece was used instead of a call, newest first."""
    rows = Request.objects.visible_to(user).exclude(content_used=[])
    near = rows.annotate(used=Cast("content_used", TextField())).filter(used__contains=f'"id": {piece.pk}')
    found = [row for row in near.order_by("-pk")[: 10 * MOST] if _holds(row, piece)]
    return [
        Place(
            row.deal or _("a request"), _("request, instead of a call"), f"/requests/{row.pk}/", row.created_at.date()
        )
        for row in found[:MOST]
    ]


def _holds(row: Request, piece: Written) -> bool:
    """Whether it is this very piece: a kind of testimonial stands for that noun."""
    is_story = noun_of(piece) == ContentNoun.CASE_STUDY
    return any(
        each["id"] == piece.pk and (each["kind"] == ContentNoun.CASE_STUDY) == is_story for each in row.content_used
    )
