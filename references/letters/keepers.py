"""Letters to those who keep a piece of content: what the customer said of a draft, what came to its end."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from delivery.links import absolute_url
from delivery.mails import Action, Letter
from delivery.outbox import Payload
from references.blinding import hide_names, may_see_customer_name
from references.enums import ContentStatus, LineDecision, ReviewStatus
from references.models import ContentReview, StateChange
from references.permissions import may_log_content
from references.program import current_policy
from references.services.saving import name_subject
from references.where_used import where_used
from references.wording import NOUNS, Written, name_of, noun_of
from users.models import User


@dataclass(frozen=True, slots=True)
class News:
    """What the letter says: about which piece, in which lines, with the places in which it is used."""

    to: str
    subject: str
    heading: str
    lines: tuple[str, ...]
    places: tuple[tuple[str, str], ...] = ()
    url: str = ""
    act: str = ""
    language: str = "en"
    zone: str = ""


def answered(payload: Payload) -> News | None:
    """What the customer said of a draft; None where it was taken back or erased meanwhile."""
    user = _reader(payload)
    rows = ContentReview.objects.select_related("case_study__customer", "testimonial__customer", "contact")
    review = rows.get(pk=payload["review"])
    if user is None or not may_log_content(user, review.piece.customer):
        return None
    name = _called(review.piece, user)
    page = absolute_url(page_of(review.piece))
    if review.status == ReviewStatus.APPROVED:
        heading, lines = _("The customer approved: %(piece)s"), (_("It can be published now."),)
        return News(user.email, heading % {"piece": name}, heading % {"piece": name}, lines, url=page, act=_("Publish"))
    if review.status != ReviewStatus.CHANGES:
        return None
    heading = _("The customer wishes changes: %(piece)s") % {"piece": name}
    wished = review.lines.filter(decision=LineDecision.CHANGE).count()
    lines = (_("Lines to be changed: %(n)s. Their words stand beside yours.") % {"n": wished},)
    return News(user.email, heading, heading, lines, url=page, act=_("Look at the changes"))


def ended(payload: Payload) -> News | None:
    """What must not be used any more, why, and where it is used."""
    user = _reader(payload)
    noun = next(each for each in NOUNS if each in payload)
    rows: Any = NOUNS[noun]._default_manager.select_related("customer", "contact", "owner")
    piece = rows.filter(pk=payload[noun]).first()
    if user is None or piece is None or not may_log_content(user, piece.customer):
        return None
    places = where_used(piece, user)
    by_hand = [place for place in places if place.use is not None and place.is_open]
    count = len(by_hand)
    lead = (
        _("Take it down in these places, and tick them off on its page: %(n)s.") % {"n": count}
        if count
        else _("No place is noted in which somebody would have to take it down.")
    )
    heading = _("Not to be used any more: %(piece)s") % {"piece": _called(piece, user)}
    return News(
        to=user.email,
        subject=heading,
        heading=heading,
        lines=tuple(each for each in (_why(piece), lead, _("Our own pages show it no more, by themselves.")) if each),
        places=tuple((place.name, absolute_url(place.url) if place.url.startswith("/") else place.url or place.what)
                     for place in [*by_hand, *(place for place in places if place.use is None)]),
        url=absolute_url(page_of(piece)),
        act=_("Open the list"),
        zone=user.time_zone,
    )  # fmt: skip


def page_of(piece: Written) -> str:
    """The path of the page of a piece."""
    return f"/content/{noun_of(piece)}/{piece.pk}/"


def write(news: News, language: str = "") -> Letter:
    """The letter; users are written to in the program's language."""
    return Letter(
        to=news.to,
        language=language or news.language,
        subject=news.subject,
        heading=news.heading,
        paragraphs=news.lines,
        facts=news.places,
        actions=(Action(news.act, news.url),),
    )


def _reader(payload: Payload) -> User | None:
    return User.objects.filter(pk=payload["user"], is_active=True).first()


def _called(piece: Written, user: User) -> str:
    """The name of a piece, without that of a customer whom the reader may not see."""
    sees = may_see_customer_name(user, piece.customer, current_policy())
    return name_of(piece) if sees else hide_names(name_of(piece), [piece.customer.name, piece.customer.domain])


def _why(piece: Written) -> str:
    """Why it came to its end, as whoever ended it said."""
    ends = {"subject": name_subject(piece), "to_status__in": [ContentStatus.RECALLED, ContentStatus.EXPIRED]}
    return StateChange.objects.filter(**ends).values_list("why", flat=True).first() or ""


ANSWERED = News(
    to="mara.fieldgate@program.example",
    subject="The customer wishes changes: Closing the books in two days",
    heading="The customer wishes changes: Closing the books in two days",
    lines=("Lines to be changed: 2. Their words stand beside yours.",),
    url="https://references.example/content/case_study/12/",
    act="Look at the changes",
)
ENDED = News(
    to="mara.fieldgate@program.example",
    subject="Not to be used any more: Closing the books in two days",
    heading="Not to be used any more: Closing the books in two days",
    lines=("The consent for it was revoked.", "Take it down in these places, and tick them off on its page: 1."),
    places=(("Banking page", "https://www.program.example/banking"),),
    url="https://references.example/content/case_study/12/",
    act="Open the list",
)
