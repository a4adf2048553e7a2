"""Gives the pieces of the demonstration program what marketers look for: recordings, numbers with a source, ends."""

from decimal import Decimal
from random import Random

from references.demo.setting import Setting
from references.demo.stories import Shelf
from references.enums import ContactStatus, ContentStatus, TestimonialKind
from references.models import CaseStudy, ProofPoint, Testimonial

WEBINARS = 12
WITH_CUSTOMER = 4
RECALLED = 2
_SITES = ("PeerHarbor", "Softscout", "The Candid Buyer")
_ASKED = (
    "What was it like before?",
    "How did you begin?",
    "What would you tell somebody who begins now?",
    "Was there a moment when you had doubts?",
)
_ANSWERED = (
    "Begin with the team that complains the loudest. They will be your best witnesses.",
    "Write down how it is today, in numbers, before you touch anything. You will want them a year later.",
    "We rehearsed the way back three times and never needed it. That is why nobody was afraid.",
    "Half of the success was that our own people had asked for it. The other half was patience.",
    "In the second month, yes. Then the first quarter closed on time, and nobody spoke of it again.",
)
_MEASURED = (
    "Monitoring of the first full quarter",
    "Their finance ledger, year over year",
    "Counted by hand over four weeks",
    "Tickets of the service desk, before and after",
    "Their internal audit of the first year",
)


def dress_shelf(setting: Setting, shelf: Shelf) -> None:
    """Let every piece have an owner, some a recording or a review site, and let some be with the customer or over."""
    rng = setting.chance("pieces")
    pieces: list[CaseStudy | Testimonial] = [*shelf.stories, *shelf.quotes]
    for piece in pieces:
        piece.owner = setting.keeper
    _record_webinars(shelf.quotes)
    for quote in shelf.quotes:
        _add_parts(rng, quote)
    _move_some(setting, rng, shelf)
    _hang_numbers(setting, rng, shelf)


def may_read(piece: CaseStudy | Testimonial) -> bool:
    """Whether the person who gave a piece can be shown its draft."""
    who = piece.contact
    return who is not None and who.status == ContactStatus.ACTIVE and bool(who.email) and not who.has_opted_out


def _record_webinars(quotes: list[Testimonial]) -> None:
    able = [
        each
        for each in quotes
        if each.kind == TestimonialKind.QUOTE
        and each.status == ContentStatus.PUBLISHED
        and each.contact is not None
        and "webinar" in each.contact.activities
    ]
    for number, quote in enumerate(able[:WEBINARS], start=1):
        quote.kind, quote.url = TestimonialKind.WEBINAR, f"https://demo.example/webinars/{number}"


def _add_parts(rng: Random, quote: Testimonial) -> None:
    if quote.kind == TestimonialKind.REVIEW:
        quote.review_site = rng.choice(_SITES)
    elif quote.kind in {TestimonialKind.VIDEO, TestimonialKind.WEBINAR}:
        asked, answered = rng.sample(_ASKED, 2), rng.sample(_ANSWERED, 2)
        talk = [f"Host: {asked[0]}", f"Guest: {quote.text}"]
        talk += [f"Guest: {answered[0]}", f"Host: {asked[1]}", f"Guest: {answered[1]}"]
        quote.transcript = "\n".join(talk)


def _move_some(setting: Setting, rng: Random, shelf: Shelf) -> None:
    """Let only those drafts be with a customer whom somebody reads, and let some pieces be over, or soon."""
    for story in shelf.stories:
        if story.status == ContentStatus.WITH_CUSTOMER and not may_read(story):
            story.status = ContentStatus.DRAFT
        elif story.status == ContentStatus.EXPIRED:
            story.expires_on = setting.day(rng.randint(3, 90))
        elif story.status == ContentStatus.PUBLISHED and rng.random() < 0.06:
            story.expires_on = setting.day(-rng.randint(9, 28))
    drafts = [each for each in shelf.quotes if each.status == ContentStatus.DRAFT and may_read(each)]
    for quote in drafts[:WITH_CUSTOMER]:
        quote.status = ContentStatus.WITH_CUSTOMER
    for rows in (shelf.stories, shelf.quotes):
        shown = [each for each in rows if each.status == ContentStatus.PUBLISHED]
        for piece in shown[5 : 5 + RECALLED]:
            piece.status = ContentStatus.RECALLED


def _hang_numbers(setting: Setting, rng: Random, shelf: Shelf) -> None:
    """Let each number say how it was measured; most belong to the story that tells them, the others to the customer."""
    for place, (story, point) in enumerate(zip(shelf.stories, list(shelf.proof_points), strict=True)):
        point.how_measured = rng.choice(_MEASURED)
        point.measured_on = story.published_on or setting.day(rng.randint(30, 200))
        if place % 4:
            point.case_study = story
        if place % 5 == 0:
            shelf.proof_points.append(_save_money(rng, story))
    for quote in shelf.quotes[::14]:
        shelf.proof_points.append(_count_tickets(rng, setting, quote))


def _save_money(rng: Random, story: CaseStudy) -> ProofPoint:
    left = rng.randint(58, 84)
    saved = (story.customer.annual_value or Decimal(0)) * Decimal(100 - left) / 25
    return ProofPoint(
        customer=story.customer,
        case_study=story,
        metric="Spend on infrastructure",
        before="100",
        after=str(left),
        unit="% of the year before",
        amount=round(saved, -3),
        currency=story.customer.currency,
        how_measured="Their finance ledger, first full year",
        measured_on=story.published_on,
    )


def _count_tickets(rng: Random, setting: Setting, quote: Testimonial) -> ProofPoint:
    before = rng.randint(90, 400)
    return ProofPoint(
        customer=quote.customer,
        testimonial=quote,
        metric="Tickets to the service desk",
        before=str(before),
        after=str(round(before * rng.uniform(0.2, 0.6))),
        unit="a week",
        how_measured="Mean of twelve weeks, before and after",
        measured_on=quote.published_on or setting.day(rng.randint(30, 200)),
    )
