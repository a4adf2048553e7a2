"""Whom to ask for what next, and why; one person's asks, with what stands against the rest; and putting them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from advocacy.audience import Audience, find_audience, moments_first, read_audience
from advocacy.models import Ask, AskAssignment
from advocacy.next_asks import Refusal, Suggestion
from advocacy.permissions import may_keep_asks, may_put_asks
from advocacy.services.asking import put_ask
from advocacy.services.asks import REVIEW
from advocacy.suggestions import read_next_asks
from references.consent_view import Whose, tell_whose
from references.errors import DomainError
from references.models import Contact
from references.policy import ProgramPolicy
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.listing import PAGE_SIZE
from web.paging import make_pages
from web.parts import vary_by_part, wants_part
from web.querying import read_number, write_query

MOST_JUDGED = 3_000
"""How many pairs of a person and an ask a page judges: about a second."""
MOST_PEOPLE = 600
MOST_PUT = 100


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody and what to ask them next; `others` are asks that would do as well."""

    contact: Contact
    whose: Whose
    ask: Ask
    suggestion: Suggestion
    others: int

    @property
    def pick(self) -> str:
        return f"{self.contact.pk}:{self.ask.pk}"


@require_safe
@login_required
def suggestions(request: HttpRequest) -> HttpResponse:
    """List people with their next ask, those after a moment of success first."""
    user, policy = viewer(request), current_policy()
    asks = {ask.pk: ask for ask in Ask.objects.filter(is_active=True)}
    chosen = request.GET.get("ask", "")
    wanted = [ask for ask in asks.values() if str(ask.pk) == chosen] or list(asks.values())
    audience, problem = _audience(request)
    found = _askable(user, audience)
    is_for_reviews = all(ask.activity == REVIEW for ask in wanted)  # whose people no moment may pick
    in_order = found if is_for_reviews else moments_first(found, timezone.localdate())
    judged = in_order[: min(MOST_PEOPLE, MOST_JUDGED // max(1, len(wanted)))]
    lines = _lines(user, policy, judged, {ask.pk: ask for ask in wanted})
    if request.GET.get("after") == "moment":
        lines = [line for line in lines if line.suggestion.follows_moment]
    query = {"q": audience.text, "f": audience.keys, "ask": chosen, "after": request.GET.get("after", "")}
    address = reverse("web:ask-suggestions")
    page = Paginator(lines, PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=1_000_000))
    context = {
        "lines": page.object_list,
        "total": len(lines),
        "found": len(found),
        "judged": len(judged),
        "pages": make_pages(
            page.number,
            len(lines),
            PAGE_SIZE,
            lambda n: address + write_query({**query, "page": "" if n == 1 else str(n)}),
        ),
        "asks": list(asks.values()),
        "chosen": chosen,
        "after": query["after"],
        "audience": audience,
        "chips": [
            (key, address + write_query({**query, "f": [each for each in audience.keys if each != key]}))
            for key in audience.keys
        ],
        "problem": problem,
        "is_narrowed": bool(chosen or query["after"] or not audience.is_everybody),
        "key": uuid.uuid4().hex,
        "may_keep": may_keep_asks(user),
        "campaign_url": reverse("web:ask-campaign-add")
        + write_query({"audience": write_query({"q": audience.text, "f": audience.keys})[1:], "ask": chosen}),
    }
    return render(request, "web/asks/suggestions.html", context)


@require_safe
@login_required
def person(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show what one person may be asked for, why not the rest, and what they were asked before."""
    user, policy = viewer(request), current_policy()
    row = get_object_or_404(Contact.objects.visible_to(user).select_related("customer"), pk=contact_id)
    if not may_put_asks(user, row):
        raise PermissionDenied
    asks = {ask.pk: ask for ask in Ask.objects.filter(is_active=True)}
    judged = read_next_asks([row.pk], asks=list(asks.values()))[row.pk]
    context = {
        "contact": row,
        "whose": tell_whose(user, row, row.customer, policy),
        "suggestions": [(asks[each.ask.id], each) for each in judged.suggestions],
        "refusals": [(asks[each.ask.id], each, _told(each)) for each in judged.refusals],
        "history": AskAssignment.objects.visible_to(user).filter(contact=row).select_related("ask", "asked_by")[:50],
        "key": uuid.uuid4().hex,
        "has_address": bool(row.email),
    }
    is_part = wants_part(request, "asks")
    return vary_by_part(render(request, "web/asks/panel.html" if is_part else "web/asks/person.html", context))


@require_POST
@login_required
def put(request: HttpRequest) -> HttpResponse:
    """Put asks to people: one by its button, or those that were ticked."""
    user = viewer(request)
    one = request.POST.get("one", "")
    picks = [one] if one else list(dict.fromkeys(request.POST.getlist("pick")))[:MOST_PUT]
    asked, refused = _put_all(user, picks, request.POST.get("key", ""), request.POST.get("note", ""))
    if asked:
        told = ngettext("%(n)d ask is on its way.", "%(n)d asks are on their way.", asked) % {"n": asked}
        messages.success(request, told)
    for message, times in refused.items():
        messages.warning(request, f"{message} ({times}×)" if times > 1 else message)
    if not picks:
        messages.warning(request, _("Tick whom to ask first."))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/"):
        return redirect(back)
    return redirect("web:ask-suggestions")


def _put_all(user: User, picks: Iterable[str], key: str, note: str) -> tuple[int, dict[str, int]]:
    """Put every pick ("contact:ask"); gives how many were, and how often which refusal came."""
    asked = 0
    refused: dict[str, int] = {}
    people: QuerySet[Contact] = Contact.objects.visible_to(user).select_related("customer")
    for pick in picks:
        contact_id, _colon, ask_id = pick.partition(":")
        if not (contact_id.isdecimal() and ask_id.isdecimal() and len(pick) < 40):
            continue
        contact = get_object_or_404(people, pk=int(contact_id))
        if not may_put_asks(user, contact):
            raise PermissionDenied
        ask = get_object_or_404(Ask, pk=int(ask_id))
        name = f"page:{key[:40]}:{pick}"
        try:
            put_ask(contact=contact, ask=ask, creation_key=name, by=user, note=note[:1_000])
        except DomainError as error:
            refused[error.message] = refused.get(error.message, 0) + 1
        else:
            asked += 1
    return asked, refused


def _audience(request: HttpRequest) -> tuple[Audience, str]:
    """What is asked for, and why not where it makes no sense: then everybody is."""
    query = write_query({"q": request.GET.get("q", ""), "f": request.GET.getlist("f")})
    try:
        return read_audience(query), ""
    except DomainError as error:
        return Audience(), error.message


def _askable(user: User, audience: Audience) -> list[int]:
    """The ids of the active promoters whom the viewer may ask, in ascending order."""
    found = find_audience(audience, user)
    if may_keep_asks(user):
        return found
    own = Contact.objects.filter(pk__in=found[:10_000], customer__account_owner=user)
    return list(own.order_by("pk").values_list("pk", flat=True))


def _lines(user: User, policy: ProgramPolicy, ids: Sequence[int], asks: dict[int, Ask]) -> list[Line]:
    """Those of these people who may be asked for something, the best first; constant queries."""
    judged = read_next_asks(ids, asks=list(asks.values()))
    best = {pk: each.best for pk, each in judged.items() if each.best is not None}
    people = Contact.objects.filter(pk__in=best).select_related("customer").in_bulk()
    lines = [
        Line(
            contact=people[pk],
            whose=tell_whose(user, people[pk], people[pk].customer, policy),
            ask=asks[suggestion.ask.id],
            suggestion=suggestion,
            others=len(judged[pk].suggestions) - 1,
        )
        for pk, suggestion in best.items()
        if pk in people and people[pk].email
    ]
    return sorted(lines, key=lambda line: (line.suggestion.rank, line.contact.pk))


def _told(refusal: Refusal) -> str:
    return " ".join(rule.text for rule in refusal.rules)
