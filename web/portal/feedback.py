"""How it was, said by the promoter: four questions, and a thank-you."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse

from matching.enums import MatchStatus, Side
from matching.letters.words import listed
from matching.services.closing import FeedbackData, give_feedback
from web.portal.closed import show_closed
from web.portal.forms import FeedbackForm
from web.portal.visit import Visit, attempt

ASKED = (MatchStatus.ACCEPTED, MatchStatus.SCHEDULED, MatchStatus.COMPLETED)


def show(visit: Visit) -> HttpResponse:
    """The questions; once they are answered, thanks."""
    assert visit.match is not None  # noqa: S101 - links of this purpose have one
    if visit.match.feedback.filter(side=Side.PROMOTER).exists():
        return visit.page("thanks", {})
    if visit.match.status not in ASKED:
        return show_closed(visit.request, "revoked", status=410, language=visit.language)
    return _page(visit, FeedbackForm())


def give(visit: Visit) -> HttpResponse:
    """Keep the answers, once."""
    assert visit.match is not None  # noqa: S101 - links of this purpose have one
    match, form = visit.match, FeedbackForm(visit.request.POST)
    done = attempt(form, lambda data: give_feedback(match=match, side=Side.PROMOTER, data=_read(data)))
    return _page(visit, form) if done is None else visit.back()


def _read(data: Mapping[str, Any]) -> FeedbackData:
    return {
        "happened": data["happened"] == "yes",
        "helpful": int(data["helpful"]) if data["helpful"] else None,
        "hours": data["hours"],
        "again": {"yes": True, "no": False}.get(data["again"]),
        "comment": data["comment"],
    }


def _page(visit: Visit, form: FeedbackForm) -> HttpResponse:
    assert visit.match is not None  # noqa: S101 - links of this purpose have one
    context = {
        "form": form,
        "match": visit.match,
        "prospects": listed(tuple(visit.match.request.prospects)),
    }
    return visit.page("feedback", context, status=422 if form.errors else 200)


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {"feedback": give}
