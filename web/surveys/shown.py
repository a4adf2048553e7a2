"""Scores, rates and bars of campaigns as the pages show them: counted in few queries, told with how sure they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from references.loyalty import classify_score
from surveys.enums import InvitationStatus
from surveys.intervals import tango_interval
from surveys.models import Campaign, Invitation, Response
from surveys.scores import HIDDEN, Tally, tally_scores

BADGES = {"draft": "quiet", "running": "fresh", "closed": "accent"}
STATE_BADGES = {
    "waiting": "quiet",
    "sent": "accent",
    "answered": "fresh",
    "no_answer": "soft",
    "failed": "stop",
    "skipped": "quiet",
}
CLASS_BADGES = {"promoter": "fresh", "passive": "soft", "detractor": "approval"}
CHART_HEIGHT, BAR_WIDTH, BAR_GAP = 120, 44, 8


@dataclass(frozen=True, slots=True)
class Score:
    """The NPS of some answers in whole points with its 95 % interval; hidden where too few answered."""

    tally: Tally
    low: float = 0.0
    high: float = 0.0

    @property
    def answers(self) -> int:
        return self.tally.responses

    @property
    def is_hidden(self) -> bool:
        """Whether so few answered that a score would mean nothing, or tell who they were."""
        return self.tally.sample == HIDDEN

    @property
    def nps(self) -> str:
        """The NPS in whole points with its sign."""
        return write_points(0.0 if self.tally.exact is None else float(self.tally.exact))

    @property
    def interval(self) -> str:
        return f"{write_points(self.low)} … {write_points(self.high)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """How many invitations stand where: `sent` are all that went out, answered or not."""

    sent: int = 0
    answered: int = 0
    waiting: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def rate(self) -> float | None:
        """Per cent of those asked who answered; None where nobody was asked."""
        return 100 * self.answered / self.sent if self.sent else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One of eleven bars: a score, how often it was given, its class, and where it stands in the drawing."""

    score: int
    count: int
    share: float
    kind: str
    x: int
    y: float
    height: float

    @property
    def middle(self) -> int:
        return self.x + BAR_WIDTH // 2


def write_points(value: float) -> str:
    """NPS points, whole and with their sign: "+32", "−8", "0"."""
    rounded = round(value)
    return "0" if rounded == 0 else f"+{rounded}" if rounded > 0 else f"−{-rounded}"


def tell_score(tally: Tally) -> Score:
    """A tally with its interval."""
    interval = tango_interval(tally)
    return Score(tally) if interval is None else Score(tally, interval.low, interval.high)


def score_campaigns(campaigns: Iterable[Campaign]) -> dict[int, Score]:
    """The score of each campaign over all its answers; one query."""
    ids = [each.pk for each in campaigns]
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Response.objects.filter(campaign__in=ids).order_by().values_list("campaign", "score")
    for campaign_id, score, number in rows.annotate(n=Count("pk")):
        counts[campaign_id][score] = number
    return {pk: tell_score(tally_scores(counts[pk])) for pk in ids}


def count_asked(campaigns: Iterable[Campaign]) -> dict[int, Asked]:
    """How the invitations of each campaign stand; one query."""
    ids, status = [each.pk for each in campaigns], InvitationStatus
    went_out = Q(status__in=[status.SENT, status.ANSWERED, status.NO_ANSWER])
    rows = Invitation.objects.filter(campaign__in=ids).order_by().values_list("campaign")
    counted = rows.annotate(
        sent=Count("pk", filter=went_out),
        answered=Count("pk", filter=Q(status=status.ANSWERED)),
        waiting=Count("pk", filter=Q(status=status.WAITING)),
        skipped=Count("pk", filter=Q(status=status.SKIPPED)),
        failed=Count("pk", filter=Q(status=status.FAILED)),
    )
    found = {campaign_id: Asked(*numbers) for campaign_id, *numbers in counted}
    return {pk: found.get(pk, Asked()) for pk in ids}


def draw_bars(histogram: Mapping[int, int]) -> list[Bar]:
    """Lay out how often each score was given, the tallest bar as high as the drawing."""
    most, total = max(histogram.values(), default=0) or 1, sum(histogram.values()) or 1
    bars = []
    for score in range(11):
        count = histogram.get(score, 0)
        height = round(CHART_HEIGHT * count / most, 1)
        x = score * (BAR_WIDTH + BAR_GAP)
        kind = classify_score(score).value
        bars.append(Bar(score, count, 100 * count / total, kind, x, CHART_HEIGHT - height, height))
    return bars
