"""The find page and its search for tags to add."""

import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from matching.ladder import BEST, read_ladder
from matching.models import Request
from matching.permissions import may_edit_request
from matching.results import SearchResult
from matching.search import List, search_references
from references.activities import ACTIVITIES
from references.models import Tag
from references.services.synonym_proposals import propose_misreading, propose_synonym
from references.text import fold
from users.models import User
from web.access import viewer
from web.facets import group_facets
from web.find.chips import make_chips
from web.find.state import PAGE, TEXT_LIMIT, FindState, Tab
from web.parts import vary_by_part, wants_part

EXAMPLES = (
    (
        _("A reference call"),
        _(
            "Mid-size bank in Germany, replacing its payment platform. The CFO wants to talk to a peer "
            "by Friday, ideally in retail banking."
        ),
    ),
    (
        _("A speaker"),
        _("Keynote in June for our manufacturing day in Chicago: a director or VP of operations, not automotive."),
    ),
    (
        _("A quote for the website"),
        _("Written quote from a hospital or health insurer in the US that must mention shorter time to value."),
    ),
)
MOST_TAGS = 12
LIST_OF: dict[Tab, List] = {"people": "candidates", "stories": "content", "not-now": "excluded"}


@require_safe
@login_required
def find(request: HttpRequest) -> HttpResponse:
    """Show the box, and under it what the brief in the query string finds; a deal of the CRM leads to its request."""
    if request.GET.get("deal", "").strip():
        return redirect(f"{reverse('web:request-new')}?{request.GET.urlencode()}")
    state = FindState.from_query(request.GET)
    context: dict[str, Any] = {"state": state, "activities": ACTIVITIES, "text_limit": TEXT_LIMIT}
    if state.text or state.added or state.must:
        context |= _answer(request, state)
    else:
        context["examples"] = [(title, text, FindState(text=str(text)).url()) for title, text in EXAMPLES]
    is_part = wants_part(request, "answer")
    response = render(request, "web/find/answer.html" if is_part else "web/find/page.html", context)
    if is_part:
        response["HX-Push-Url"] = state.url()  # what was left out of the query string is not shared on
    return vary_by_part(response)


@require_safe
@login_required
def find_tags(request: HttpRequest) -> HttpResponse:
    """List tags that contain the letters in `tag`, as links that add them to the brief in the query string."""
    state = FindState.from_query(request.GET)
    text = fold(request.GET.get("tag", "").strip())
    tags = Tag.objects.accepted()
    words = tags.filter(synonyms__folded__startswith=text) | tags.filter(name__icontains=text)
    found = words.distinct().order_by("facet", "name") if len(text) > 1 else tags.none()
    items = [(tag, state.url_with(f"{tag.facet}:{tag.slug}", "added")) for tag in found[:MOST_TAGS]]
    return render(request, "web/find/tags.html", {"items": items, "text": text})


@require_POST
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Take a doubtful reading as meant: propose the words as a synonym of the tag, and go on with it confirmed."""
    state = FindState.from_query(request.GET)
    facet, _colon, slug = request.POST.get("key", "").partition(":")
    tag = get_object_or_404(Tag.objects.accepted(), facet=facet, slug=slug)
    propose_synonym(tag=tag, text=request.POST.get("words", ""))
    return redirect(state.url_with(f"{facet}:{slug}", "added"))


@require_POST
@login_required
def drop(request: HttpRequest) -> HttpResponse:
    """Leave a reading out: tell the manager that its words were read wrongly, and go on without it."""
    state = FindState.from_query(request.GET)
    facet, _colon, slug = request.POST.get("key", "").partition(":")
    tag = get_object_or_404(Tag.objects.accepted(), facet=facet, slug=slug)
    propose_misreading(tag=tag, text=request.POST.get("words", ""))
    return redirect(state.url_with(f"{facet}:{slug}", "dropped"))


def _answer(request: HttpRequest, state: FindState) -> dict[str, Any]:
    result = search_references(
        user=viewer(request),
        text=state.text,
        activity=state.activity or None,
        on=state.on,
        corrections=state.corrections,
        chosen=state.chosen_by_facet,
        limit=state.limit,
        lists={"candidates": state.limit, "content": BEST} if state.tab == "people" else [LIST_OF[state.tab]],
    )
    ask_with = replace(state, chosen=(), tab="people", limit=PAGE).query()
    slugs = dict(Tag.objects.filter(pk__in=[each.tag_id for each in result.need.readings]).values_list("pk", "slug"))
    is_narrowed = state.must or state.excluded or state.chosen
    has_more = result.total_candidates > len(result.candidates) > 0
    ladder = None if state.tab != "people" or state.request_id else read_ladder(viewer(request), result)
    return {
        "result": result,
        "ladder": ladder,
        "ladder_key": uuid.uuid4().hex,
        "chips": make_chips(result.need, state, slugs),
        "tabs": _tabs(state, result),
        "facets": group_facets(result.facets, state.toggler()),
        "more_url": state.url(limit=state.limit + PAGE) if has_more else "",
        "relaxed_url": state.url(must=(), excluded=(), chosen=()) if is_narrowed else "",
        "tags_url": reverse("web:find-tags"),
        "fresh_url": FindState(text=state.text, activity=state.activity, on=state.on).url(),
        "request_url": reverse("web:request-new") + ask_with,
        "picked_fields": parse_qsl(ask_with.removeprefix("?")),
        "for_request": _request_of(viewer(request), state),
        "tab_urls": {"stories": state.url(tab="stories"), "not_now": state.url(tab="not-now")},
    }


def _request_of(user: User, state: FindState) -> Request | None:
    """The request that a story is looked for meanwhile, if the viewer may say so there."""
    if not state.request_id:
        return None
    row = Request.objects.visible_to(user).select_related("owner").filter(pk=state.request_id).first()
    return row if row is not None and may_edit_request(user, row) else None


def _tabs(state: FindState, result: SearchResult) -> list[tuple[str, int, str, bool]]:
    """(label, count, address, is it open) of each tab."""
    counts: list[tuple[Tab, Any, int]] = [
        ("people", _("People"), result.total_candidates),
        ("stories", _("Stories"), result.total_content),
        ("not-now", _("Not now"), result.total_excluded),
    ]
    return [(str(label), count, state.url(tab=tab), tab == state.tab) for tab, label, count in counts]
