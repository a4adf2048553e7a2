"""Writes topics: comments are kept together under a word, in bulk."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from references.errors import DomainError
from references.services.saving import save_checked
from surveys.models import Response, Topic
from users.models import User

MOST_AT_ONCE = 500


@transaction.atomic
def find_topic(name: str) -> Topic:
    """Give the topic of that name, however it is capitalized, made if it is new; raises DomainError(blank …)."""
    name = " ".join(name.split())
    there = Topic.objects.filter(name__iexact=name).first() if name else None
    if there is not None:
        return there
    row = Topic(name=name)
    save_checked(row)
    return row


@transaction.atomic
def tag_responses(*, ids: Iterable[int], topic: Topic, by: User, takes_off: bool = False) -> int:
    """Put answers that `by` may see under a topic, or take them off it; gives how many there were.

    Raises DomainError: none_chosen, too_many.
    """
    wanted = set(ids)
    if len(wanted) > MOST_AT_ONCE:
        raise DomainError("too_many", _("Choose at most %(n)s answers at once.") % {"n": MOST_AT_ONCE})
    found = list(Response.objects.visible_to(by).filter(pk__in=wanted).values_list("pk", flat=True))
    if not found:
        raise DomainError("none_chosen", _("Tick the answers first."))
    links = Response.topics.through
    if takes_off:
        links.objects.filter(topic=topic, response__in=found).delete()
    else:
        links.objects.bulk_create((links(topic=topic, response_id=each) for each in found), ignore_conflicts=True)
    return len(found)
