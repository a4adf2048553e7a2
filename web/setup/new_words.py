"""Unknown words on pages: listed by use with what they seem to mean, decided in bulk, looked at first, undone."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from references.enums import Facet, TagStatus
from references.errors import DomainError
from references.models import SortedTerm, Tag, TagSorting
from references.services.sorting import plan_sorting, start_sorting, undo_sorting
from references.services.tags import find_tag
from references.services.unmapped import Unmapped, list_unmapped
from references.term_suggestions import SURE
from references.text import fold
from web.access import managers_only, viewer
from web.paging import make_pages
from web.querying import read_number, write_query
from web.setup.word_uses import url_of_uses

PAGE_SIZE = 50
LEVELS = (("90", 0.9, 1.01), ("60", 0.6, 0.9), ("1", 0.01, 0.6), ("0", 0.0, 0.01))
LEVEL_NAMES = {
    "90": gettext_lazy("90 % and more"),
    "60": gettext_lazy("60 to 89 %"),
    "1": gettext_lazy("under 60 %"),
    "0": gettext_lazy("no suggestion"),
}
HOW = {
    "spelling": gettext_lazy("the same letters"),
    "words": gettext_lazy("the same words in another form"),
    "filler": gettext_lazy("the same but for words such as “services”"),
    "typo": gettext_lazy("looks like a slip of the keyboard"),
    "kind": gettext_lazy("a kind of it"),
    "part": gettext_lazy("has it among its words"),
    "wider": gettext_lazy("a wider word"),
    "overlap": gettext_lazy("shares most words"),
    "together": gettext_lazy("stands on the same customers"),
}
TITLES = {
    TagSorting.Verb.MAP: gettext_lazy("Map to another word"),
    TagSorting.Verb.BELOW: gettext_lazy("Keep below another word"),
    TagSorting.Verb.KEEP: gettext_lazy("Keep as words of their own"),
    TagSorting.Verb.IGNORE: gettext_lazy("Ignore"),
}
SOURCES = {
    "word": gettext_lazy("named by an import or a person"),
    "title": gettext_lazy("job titles"),
    "industry": gettext_lazy("industries as imported"),
    "location": gettext_lazy("locations as imported"),
}
KINDS = {
    "customers": ngettext_lazy("%(n)s customer", "%(n)s customers", "n"),
    "people": ngettext_lazy("%(n)s person", "%(n)s people", "n"),
    "stories": ngettext_lazy("%(n)s story", "%(n)s stories", "n"),
    "quotes": ngettext_lazy("%(n)s quote", "%(n)s quotes", "n"),
    "slots": ngettext_lazy("%(n)s speaking slot", "%(n)s speaking slots", "n"),
}


@require_safe
@managers_only
def new_words(request: HttpRequest) -> HttpResponse:
    """List the unknown words, the most used first; facet, confidence and letters narrow the list."""
    everything = list_unmapped()
    facet, level = request.GET.get("facet", ""), request.GET.get("sure", "")
    text = request.GET.get("q", "").strip()[:200]
    terms = [term for term in everything if _is_shown(term, facet, level, text)]
    page = Paginator(terms, PAGE_SIZE).get_page(read_number(request.GET, "page", default=1, most=1_000_000))

    def url_of(other: int) -> str:
        return reverse("web:new-words") + write_query({"facet": facet, "sure": level, "q": text, "page": str(other)})

    named = _name_targets(list(page))
    context = {
        "rows": [(term, named.get(term.key), _tell_uses(term)) for term in page],
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of),
        "total": len(terms),
        "sure": sum(_is_sure(term) for term in everything),
        "least": round(SURE * 100),
        "facets": [(value, label) for value, label in Facet.choices if any(term.facet == value for term in everything)],
        "levels": LEVEL_NAMES.items(),
        "facet": facet,
        "level": level,
        "text": text,
        "last": TagSorting.objects.filter(status=TagSorting.Status.DONE).first(),
    }
    return render(request, "web/setup/new_words.html", context)


@require_POST
@managers_only
def plan(request: HttpRequest) -> HttpResponse:
    """Draft a decision about the ticked words, or about all sure ones, and lead to what it would change.

    Ticked words go to the tag that the manager named, where they named one, else to their suggestions.
    """
    verb, _colon, scope = request.POST.get("act", "").partition(":")
    keys = request.POST.getlist("word")
    try:
        draft = plan_sorting(
            verb=verb,
            keys=keys,
            target=_find_target(request.POST.get("into", ""), keys) if scope != "sure" else None,
            least=SURE if scope == "sure" else None,
            by=viewer(request),
        )
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("web:new-words")
    return redirect("web:sorting", draft.pk)


@require_safe
@managers_only
def sorting(request: HttpRequest, sorting_id: int) -> HttpResponse:
    """Show what a bulk decision would change, how far it is, or what it changed."""
    row = get_object_or_404(TagSorting.objects.select_related("by"), pk=sorting_id)
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    is_draft = row.status == TagSorting.Status.DRAFT
    found: Any = row.plan if is_draft else row.terms.select_related("tag", "target")
    page = Paginator(found, PAGE_SIZE).get_page(number)

    def url_of(other: int) -> str:
        return reverse("web:sorting", args=[row.pk]) + write_query({"page": str(other)})

    context = {
        "sorting": row,
        "title": TITLES[TagSorting.Verb(row.verb)],
        "rows": _tell_plan(list(page)) if is_draft else [_tell_term(term) for term in page],
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of),
        "count": len(row.plan),
        "uses": _count_uses(row) if is_draft else 0,
    }
    return render(request, "web/setup/sorting.html", context)


@require_POST
@managers_only
def sorting_act(request: HttpRequest, sorting_id: int) -> HttpResponse:
    """Do what was drafted, or undo what was done."""
    row = get_object_or_404(TagSorting, pk=sorting_id)
    if request.POST.get("act") == "undo":
        if row.status != TagSorting.Status.DONE:
            messages.warning(request, _("There is nothing to undo."))
            return redirect("web:sorting", row.pk)
        try:
            undone = undo_sorting(sorting=row, by=viewer(request))
        except DomainError as error:
            messages.warning(request, error.message)
            return redirect("web:sorting", row.pk)
        words = ngettext("%(n)s word is as it was before.", "%(n)s words are as they were before.", undone)
        messages.success(request, words % {"n": undone})
        return redirect("web:sorting", row.pk)
    try:
        row = start_sorting(sorting=row, by=viewer(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("web:sorting", row.pk)
    if row.job_id is not None:
        return redirect("web:job", row.job_id)
    messages.success(request, _("Done; the next search and the next import know it."))
    return redirect("web:sorting", row.pk)


def _find_target(name: str, keys: list[str]) -> Tag | None:
    """The accepted tag that goes by a name in the facet of the ticked words; None where nothing was named."""
    name = name.strip()[:200]
    facets = {term.facet for term in list_unmapped() if term.key in keys}
    if not name or not facets:
        return None
    found = [find_tag(facet=facet, name=name) for facet in sorted(facets)]
    tags = [tag for tag in found if tag is not None and tag.status == TagStatus.ACCEPTED]
    if not tags:
        raise DomainError("no_such_tag", _("No tag of this facet is called “%(name)s”.") % {"name": name}, "into")
    return tags[0]


def _is_sure(term: Unmapped) -> bool:
    return term.suggestion is not None and not term.suggestion.is_below and term.confidence >= SURE


def _is_shown(term: Unmapped, facet: str, level: str, text: str) -> bool:
    bounds = next(((low, high) for name, low, high in LEVELS if name == level), (0.0, 1.01))
    return facet in {"", term.facet} and bounds[0] <= term.confidence < bounds[1] and (fold(text) in fold(term.text))


def _name_targets(terms: list[Unmapped]) -> dict[str, dict[str, Any]]:
    """By the key of a word the tag suggested for it, how it was seen and how sure it is in percent."""
    ids = {term.suggestion.tag for term in terms if term.suggestion}
    tags = {tag.pk: tag for tag in Tag.objects.filter(pk__in=ids)}
    return {
        term.key: {
            "tag": tags[term.suggestion.tag],
            "how": HOW[term.suggestion.how],
            "percent": round(term.suggestion.confidence * 100),
            "is_below": term.suggestion.is_below,
        }
        for term in terms
        if term.suggestion is not None and term.suggestion.tag in tags
    }


def _tell_uses(term: Unmapped) -> dict[str, Any]:
    """Where a word is used, each count with the address of the rows behind it, and where it came from."""
    counts = [(KINDS[kind] % {"n": count}, url_of_uses(term.key, kind)) for kind, count in term.uses.items() if count]
    return {"counts": counts, "source": SOURCES[term.source], "url": url_of_uses(term.key)}


def _tell_plan(plan: list[list[Any]]) -> list[dict[str, Any]]:
    keys = {key for key, _text, _target in plan}
    uses = {term.key: _tell_uses(term) for term in list_unmapped() if term.key in keys}
    tags = {tag.pk: tag for tag in Tag.objects.filter(pk__in=[target for _key, _text, target in plan])}
    return [{"text": text, "target": tags.get(target), "uses": uses.get(key)} for key, text, target in plan]


def _tell_term(term: SortedTerm) -> dict[str, Any]:
    note = term.fault or (_("undone") if term.is_undone else "")
    return {"text": term.text, "target": term.target, "note": note}


def _count_uses(row: TagSorting) -> int:
    keys = {key for key, _text, _target in row.plan}
    return sum(term.total for term in list_unmapped() if term.key in keys)
