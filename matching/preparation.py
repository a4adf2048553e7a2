"""What is taken along to a reference: the one-page preparation sheet, and the meeting as a calendar file tells it.

The sheet says who meets whom and when, what is asked, and what there is to tell.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from matching.calendar_file import Meeting
from matching.enums import MatchStatus
from matching.models import Match
from matching.showing import ShownMatch
from references.activities import BY_CODE
from references.models import CaseStudy, ContactTag, CustomerTag, ProofPoint
from references.rights import Use, usable_case_studies


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a preparation sheet says; `tags` are (facet, names), `proof` are (metric, before, after)."""

    activity: str
    starts_at: datetime | None
    minutes: int
    meeting: str
    requester: str
    deal: str
    prospects: tuple[str, ...]
    questions: tuple[str, ...]
    why: str
    who: str
    title: str
    customer: str
    reasons: tuple[str, ...]
    tags: tuple[tuple[str, tuple[str, ...]], ...]
    stories: tuple[str, ...]
    proof: tuple[tuple[str, str, str], ...]


def prepare(shown: ShownMatch) -> Sheet:
    """Make the sheet for a viewer, with of the promoter only what `shown` lets them see; five queries."""
    match = shown.match
    return Sheet(
        activity=match.activity,
        starts_at=match.scheduled_at,
        minutes=match.minutes,
        meeting=shown.meeting,
        requester=str(match.request.owner),
        deal=match.request.deal,
        prospects=tuple(match.request.prospects),
        questions=tuple(line.strip(" -•\t") for line in match.request.questions.splitlines() if line.strip()),
        why=match.request.why,
        who=shown.who,
        title=match.contact.title if shown.has_seen_person else "",
        customer=shown.customer,
        reasons=tuple(f"{term.label}: {term.words}" for term in shown.terms if term.words and term.points > 0),
        tags=_tags(match),
        stories=_stories(match) if shown.customer else (),
        proof=_proof(match) if shown.customer else (),
    )


def meeting_of(shown: ShownMatch) -> Meeting | None:
    """The meeting of a match as its viewer may know it; None while no time is set."""
    match = shown.match
    if match.scheduled_at is None or match.status != MatchStatus.SCHEDULED:
        return None
    return Meeting(
        match_id=match.pk,
        version=match.version,
        title=_("%(activity)s: %(deal)s") % {"activity": BY_CODE[match.activity].label, "deal": match.request.deal},
        starts_at=match.scheduled_at,
        minutes=match.minutes,
        place=shown.meeting,
        notes=match.request.questions,
    )


def _tags(match: Match) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    own = ContactTag.objects.filter(contact=match.contact_id)
    shared = CustomerTag.objects.filter(customer=match.contact.customer_id)
    for rows in (own, shared):
        for facet, name in rows.values_list("tag__facet", "tag__name").order_by("id"):
            names = found.setdefault(facet, [])
            if name not in names:
                names.append(name)
    return tuple((facet, tuple(names[:6])) for facet, names in sorted(found.items()))


def _stories(match: Match) -> tuple[str, ...]:
    rows = CaseStudy.objects.filter(customer=match.contact.customer_id)
    return tuple(story.title for story in usable_case_studies(rows, Use(match.on))[:3])


def _proof(match: Match) -> tuple[tuple[str, str, str], ...]:
    points = ProofPoint.objects.filter(customer=match.contact.customer_id)
    return tuple((point.metric, point.before, point.after) for point in points[:5])
