"""An approver's decision from the mail: the match as they may see it, and a form that confirms."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.enums import ApprovalStatus
from matching.letters.words import listed
from matching.models import Approval, Match
from matching.permissions import may_decide
from matching.refusing import explain_refused_hold
from matching.services.approving import TIRED, approve_match, reject_match
from matching.services.filling import fill_request
from matching.showing import show_match
from references.errors import DomainError
from references.services.holds import HoldRefusedError
from users.models import User
from web.portal.closed import show_closed
from web.portal.forms import DecisionForm
from web.portal.visit import Visit, attempt
from web.portal.words import refusal


def show(visit: Visit) -> HttpResponse:
    """The match and the two buttons; once it is decided, that it is."""
    return _refuse(visit) or _page(visit, DecisionForm(initial={"version": _match(visit).version}))


def approve(visit: Visit) -> HttpResponse:
    """Say yes in the approver's name."""
    refused = _refuse(visit)
    if refused is not None:
        return refused
    form = DecisionForm(visit.request.POST)
    done = attempt(
        form,
        lambda data: approve_match(
            match=_match(visit), by=_user(visit), reason=data["reason"], expected_version=data["version"]
        ),
        lambda error: _explain(visit, error),
    )
    return _page(visit, form) if done is None else _thank(visit, _("You said yes. The next step is on its way."))


def reject(visit: Visit) -> HttpResponse:
    """Say no in the approver's name, and look for the next best at once."""
    refused = _refuse(visit)
    if refused is not None:
        return refused

    def decide(data: dict[str, Any]) -> Match:
        match = reject_match(
            match=_match(visit), by=_user(visit), reason=data["reason"], expected_version=data["version"]
        )
        fill_request(request=match.request)
        return match

    form = DecisionForm(visit.request.POST)
    if attempt(form, decide) is None:
        return _page(visit, form)
    return _thank(visit, str(DECIDED[ApprovalStatus.REJECTED]))


DECIDED: Mapping[str, Any] = {
    ApprovalStatus.APPROVED: gettext_lazy("You said yes. The next step is on its way."),
    ApprovalStatus.REJECTED: gettext_lazy(
        "You said no. The requester reads your reason, and the next best is looked for."
    ),
}

ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {"approve": approve, "reject": reject}


def _refuse(visit: Visit) -> HttpResponse | None:
    """410 where it is decided already, or is not theirs to decide any more; their own decision is said once more."""
    assert visit.approval is not None  # noqa: S101 - links of this purpose have one
    if visit.approval.decided_by_id == _user(visit).pk and visit.approval.status in DECIDED:
        return _thank(visit, str(DECIDED[visit.approval.status]))
    code = ""
    if not may_decide(_user(visit), visit.approval):
        code = "not_yours"
    elif not Approval.objects.pending().filter(pk=visit.approval.pk).exists():
        code = "decided"
    return show_closed(visit.request, code, status=410, language=visit.language) if code else None


def _page(visit: Visit, form: DecisionForm) -> HttpResponse:
    assert visit.approval is not None  # noqa: S101 - links of this purpose have one
    shown = show_match(_user(visit), _match(visit))
    context = {
        "shown": shown,
        "match": shown.match,
        "approval": shown.approval(visit.approval.pk),
        "deal": shown.match.request,
        "prospects": listed(tuple(shown.match.request.prospects)),
        "is_tired": shown.match.band == TIRED and visit.approval.step == "manager",
        "form": form,
        "request_url": _request_url(shown.match),
    }
    return visit.page("approval", context, status=422 if form.errors else 200)


def _thank(visit: Visit, words: str) -> HttpResponse:
    return visit.page("decided", {"words": words, "request_url": _request_url(_match(visit))})


def _explain(visit: Visit, error: DomainError) -> str:
    """What stands against a hold that had to be taken anew, in sentences."""
    if not isinstance(error, HoldRefusedError):
        return refusal(error)
    match = _match(visit)
    found = explain_refused_hold(error.broken, request=match.request, contact=match.contact)
    lead = _("This person cannot be asked any more: swap them on the page of the request.")
    return " ".join([lead, *(each.sentence for each in found)])


def _request_url(match: Match) -> str:
    return reverse("web:request", args=[match.request_id])


def _match(visit: Visit) -> Match:
    assert visit.match is not None  # noqa: S101 - links of this purpose have one
    return visit.match


def _user(visit: Visit) -> User:
    assert visit.user is not None  # noqa: S101 - links of this purpose have one
    return visit.user
