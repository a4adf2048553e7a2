"""Reads early-adopter programs: how far the seats are, who could be invited and why not the rest, what was gained."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, PositiveSmallIntegerField, QuerySet, Subquery, Value
from django.db.models.expressions import Case, OuterRef, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from advocacy.enums import SeatStatus
from advocacy.models import AdopterProgram, AdopterSeat, Ask
from advocacy.next_asks import BrokenRule
from advocacy.querysets import SEATED
from advocacy.suggestions import read_next_asks
from references.activities import ACTIVITIES
from references.enums import ContactStatus, EngagementStatus
from references.models import CaseStudy, Consent, Contact, CustomerTag, Engagement, Testimonial
from references.pool.index import current_snapshot
from users.models import User

ACTIVITY = "beta"
MOST_JUDGED = 500
MOMENT = "moment"
_S = SeatStatus
_OVER = (_S.DECLINED, _S.DROPPED, _S.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class SeatFunnel:
    """How many stand where: invited in all, of those agreed, active or done, finished, and who uses it now."""

    invited: int = 0
    waiting: int = 0
    seated: int = 0
    finished: int = 0
    adopted: int = 0
    over: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be invited; `rules` stand against it, none for those who may be today."""

    contact: Contact
    rung: int
    reasons: tuple[str, ...] = ()
    rules: tuple[BrokenRule, ...] = ()
    follows_moment: bool = False


@dataclass(frozen=True, slots=True)
class Gain:
    """Something that a person with a seat gave since the program began: a consent, a touch, a story or a quote."""

    noun: str
    pk: int
    contact_id: int
    activity: str
    on: date


def read_funnels(programs: Iterable[AdopterProgram], user: User | None = None) -> dict[int, SeatFunnel]:
    """The funnel of each program by its id, of the seats that `user` sees, of all where none is given; one query."""
    rows = AdopterSeat.objects.all() if user is None else AdopterSeat.objects.visible_to(user)
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    counted = rows.filter(program__in=list(programs)).order_by().values_list("program", "status", "adopted")
    for program, status, adopted, n in counted.annotate(n=Count("pk")):
        found[program][status] += n
        found[program]["adopted"] += n if adopted else 0
    return {
        program: SeatFunnel(
            invited=sum(n for name, n in counts.items() if name != "adopted"),
            waiting=counts[_S.INVITED],
            seated=sum(counts[status] for status in SEATED),
            finished=counts[_S.FINISHED],
            adopted=counts["adopted"],
            over=sum(counts[status] for status in _OVER),
        )
        for program, counts in found.items()
    }


def read_candidates(
    program: AdopterProgram, user: User, *, only: Iterable[int] | None = None
) -> tuple[list[Candidate], list[Candidate]]:
    """Active promoters who use the product and have no seat: those who may be invited today, best first, and the rest.

    At most 500 are judged, those who have done most first, or those of `only`, by id. No score and no loyalty class is
    read. Constant queries.
    """
    rungs = [When(activity=each.code, then=Value(each.rung)) for each in ACTIVITIES]
    field = PositiveSmallIntegerField()
    done = Engagement.objects.filter(contact=OuterRef("pk"), status=EngagementStatus.COMPLETED).order_by()
    top = done.values("contact").annotate(top=Max(Case(*rungs, default=Value(0), output_field=field))).values("top")
    people = Contact.objects.visible_to(user).filter(status=ContactStatus.ACTIVE, has_opted_out=False)
    people = people.exclude(pk__in=AdopterSeat.objects.filter(program=program).values("contact"))
    if program.product_id is not None:
        people = people.filter(customer__in=_using(program.product_id))
    if only is not None:
        people = people.filter(pk__in=list(only))
    ranked = people.annotate(rung=Coalesce(Subquery(top), Value(0), output_field=field)).select_related("customer")
    found = {each.pk: each for each in ranked.order_by("-rung", "pk")[:MOST_JUDGED]}
    probe = Ask(pk=0, activity=ACTIVITY, rung=0, cool_down_days=0)
    judged = read_next_asks(found, asks=[probe])
    candidates = [_judge(program, each, judged[each.pk]) for each in found.values()]
    fit = [each for each in candidates if not each.rules]
    fit.sort(key=lambda each: (not each.follows_moment, -each.rung, each.contact.pk))
    return fit, [each for each in candidates if each.rules]


def read_gains(program: AdopterProgram) -> list[Gain]:
    """What people with a seat gave from the program's first day on, the newest first; five queries.

    Consents in force or over count, those taken back do not; surveys and the seat itself are no gain.
    """
    seats = AdopterSeat.objects.filter(program=program, status__in=SEATED)
    people = list(seats.values_list("contact", flat=True))
    start = program.starts_on
    consents: QuerySet[Any] = Consent.objects.filter(
        contact__in=people, valid_from__gte=start, revoked_at=None, superseded_by=None
    )
    touches: QuerySet[Any] = Engagement.objects.filter(
        contact__in=people, on__gte=start, status=EngagementStatus.COMPLETED
    ).exclude(activity="survey")
    gains = [
        *(Gain("consent", pk, who, activity, on) for pk, who, activity, on in consents.values_list(
            "pk", "contact", "activity", "valid_from"
        )),
        *(Gain("engagement", pk, who, activity, on) for pk, who, activity, on in touches.exclude(
            source__startswith="seat:"
        ).values_list("pk", "contact", "activity", "on")),
    ]  # fmt: skip
    for noun, model, activity in (("case_study", CaseStudy, "case_study"), ("testimonial", Testimonial, "quote")):
        rows = model.objects.filter(contact__in=people, created_at__date__gte=start)
        gains += [
            Gain(noun, pk, who, activity, timezone.localdate(at))
            for pk, who, at in rows.values_list("pk", "contact", "created_at")
        ]
    return sorted(gains, key=lambda each: (each.on, each.noun, each.pk), reverse=True)


def _using(product_id: int) -> QuerySet[Any]:
    """The customers that use a product, or anything of it."""
    below = current_snapshot().vocabulary.descendants(product_id)
    return CustomerTag.objects.filter(tag__in={product_id, *below}).values("customer")


def _judge(program: AdopterProgram, person: Any, found: Any) -> Candidate:
    rules = tuple(rule for refusal in found.refusals for rule in refusal.rules)
    if person.rung < program.from_rung:
        text = _("They have reached rung %(reached)d; this begins at rung %(from)d.")
        words = text % {"reached": person.rung, "from": program.from_rung}
        rules = (BrokenRule("rung_too_low", words), *rules)
    reasons, follows = [], False
    if program.product is not None:
        reasons.append(_("They use %(product)s.") % {"product": program.product.name})
    reasons.append(_("They have reached rung %(rung)d of the ladder.") % {"rung": person.rung})
    for suggestion in found.suggestions:
        follows = suggestion.follows_moment
        reasons += [each.text for each in suggestion.reasons if each.code == MOMENT]
    return Candidate(person, person.rung, tuple(reasons), rules, follows)
