"""What the home page says of figures: spans, stages, and cards with the address of the rows behind each number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.enums import RequestStatus
from matching.figures import SETTLED, Period, Pipeline, Stage
from matching.spread import FEWEST, Concentration, Middle, Share
from web.querying import write_query

STEP_WORDS = {
    "draft": gettext_lazy("Drafts"),
    "needs_manager": gettext_lazy("Somebody must choose"),
    "unmet": gettext_lazy("Nobody found"),
    "proposing": gettext_lazy("Looking for the best"),
    "owner_review": gettext_lazy("With an account owner"),
    "manager_review": gettext_lazy("With a manager"),
    "customer": gettext_lazy("Customer asked"),
    "schedule": gettext_lazy("Yes, time to be set"),
    "meeting": gettext_lazy("Date set"),
    "outcome": gettext_lazy("Done, outcome awaited"),
}
STEP_COLORS = {"needs_manager": "loss", "unmet": "loss"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a bar chart: how many, of the longest, and the rows behind it."""

    label: str
    count: int
    most: int
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: its value in words, the part of one it is (None for no bar), what it means, and the rows behind."""

    label: str
    value: str
    part: float | None
    meaning: str
    url: str


def requests_url(**values: str | Sequence[str]) -> str:
    """The list of all requests narrowed to some."""
    return reverse("web:requests") + write_query({"whose": "all", **values})


def people_url(group: str) -> str:
    """The list of the people behind a figure."""
    return reverse("web:figure-people") + write_query({"of": group})


def span_words(hours: float) -> str:
    """A span of clock hours as people say it: "at once", "40 min", "5 h", "3.4 days"."""
    if hours * 60 < 1:
        return _("at once")
    if hours < 1:
        return _("%(n)s min") % {"n": round(hours * 60)}
    if hours < 48:
        return _("%(n)s h") % {"n": f"{hours:.1f}".removesuffix(".0") if hours < 10 else round(hours)}
    return _("%(n)s days") % {"n": f"{hours / 24:.1f}".removesuffix(".0")}


def chart_pipeline(pipeline: Pipeline, since: datetime) -> tuple[list[Bar], list[Bar]]:
    """The requests that stand, in the order of their way, and those that have ended, each as bars."""
    most = max(stage.count for stage in (*pipeline.standing, *pipeline.ended)) or 1

    def bar(stage: Stage, label: object, url: str) -> Bar:
        return Bar(str(label), stage.count, most, STEP_COLORS.get(stage.code, "gain"), url)

    standing = [bar(each, STEP_WORDS[each.code], requests_url(step=each.code)) for each in pipeline.standing]
    ended = [
        bar(
            each,
            RequestStatus(each.code).label.capitalize(),
            requests_url(status=each.code, ended_since=since.isoformat(timespec="seconds")),
        )
        for each in pipeline.ended
    ]
    return standing, ended


def cards_of_period(period: Period, now: datetime) -> list[Card]:
    """The figures of a period as cards."""
    since = (now - timedelta(days=period.days)).isoformat(timespec="seconds")
    sent = ngettext("%(n)s request", "%(n)s requests", period.submitted) % {"n": intcomma(period.submitted)}
    apart = _("%(open)s places of open requests and %(cancelled)s of cancelled ones are not counted.") % {
        "open": intcomma(period.open_slots),
        "cancelled": intcomma(period.cancelled_slots),
    }
    times: list[tuple[str, str, Middle]] = [
        (_("Until somebody is put forward"), "proposed", period.to_proposal),
        (_("Until a customer is asked"), "asked", period.to_ask),
        (_("Until a yes"), "yes", period.to_yes),
        (_("Until it is done"), "done", period.to_done),
    ]
    return [
        Card(
            _("Places filled"),
            _share_words(period.fill),
            period.fill.value,
            _of(period.fill, _("places asked for got a yes.")) + " " + apart,
            requests_url(submitted_since=since, status=[str(status) for status in SETTLED]),
        ),
        *(
            Card(
                label,
                _middle_words(middle),
                None,
                _reached(middle, sent),
                requests_url(submitted_since=since, reached=point),
            )
            for label, point, middle in times
        ),
        Card(
            _("Calls saved"),
            intcomma(period.calls_saved),
            None,
            _("Deals for which a quote, a story or a number was enough."),
            reverse("web:proof-uses") + write_query({"saved": "true", "used_since": since}),
        ),
    ]


def cards_of_year(activation: Share, load: Concentration) -> list[Card]:
    """How many take part, and how evenly, over the past year."""
    return [
        Card(
            _("Activation"),
            _share_words(activation),
            activation.value,
            _of(activation, _("promoters willing did something in the past year; answering a survey is not it.")),
            people_url("acted"),
        ),
        Card(
            _("Load on the busiest tenth"),
            _percent(load.share) if load.share is not None else _too_few(),
            load.share,
            _load_words(load),
            people_url("used"),
        ),
    ]


def _load_words(load: Concentration) -> str:
    if load.gini is None:
        return _("Only %(people)s people carried anything in the past year.") % {"people": load.people}
    words = _(
        "%(busiest)s of %(people)s people carried this share of %(total)s engagements in the past year. Half of them "
        "fell on %(half)s people. Gini %(gini)s: 0 is even, 1 is all on one."
    )
    counts = {"busiest": load.busiest, "people": load.people, "total": load.total, "half": load.half_on}
    return words % {**{name: intcomma(count) for name, count in counts.items()}, "gini": f"{load.gini:.2f}"}


def _share_words(share: Share) -> str:
    return _too_few() if share.value is None else _percent(share.value)


def _middle_words(middle: Middle) -> str:
    return _too_few() if middle.hours is None else span_words(middle.hours)


def _too_few() -> str:
    return _("too few to say")


def _percent(value: float) -> str:
    return f"{round(100 * value)} %"


def _of(share: Share, what: str) -> str:
    return _("%(part)s of %(whole)s %(what)s") % {
        "part": intcomma(share.part),
        "whole": intcomma(share.whole),
        "what": what,
    }


def _reached(middle: Middle, sent: str) -> str:
    if middle.hours is None:
        return _("%(n)s of %(sent)s came so far; from %(fewest)s on there is a median.") % {
            "n": middle.n,
            "sent": sent,
            "fewest": FEWEST,
        }
    return _("Median from sending, by the clock, of the %(n)s of %(sent)s that came so far.") % {
        "n": intcomma(middle.n),
        "sent": sent,
    }
