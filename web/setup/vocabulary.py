"""The vocabulary on pages: proposals to accept, merge or reject, and a tag's synonyms."""

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from references.enums import Facet, TagStatus
from references.errors import DomainError
from references.models import SynonymProposal, Tag, TagSynonym
from references.services.synonym_proposals import accept_proposal, reject_proposal
from references.services.tag_merging import merge_tag
from references.services.tags import accept_tag, reject_tag, rename_tag, set_synonyms
from references.text import fold
from users.models import User
from web.access import managers_only, viewer
from web.paging import make_pages
from web.parts import vary_by_part, wants_part
from web.querying import read_number, write_query
from web.setup.suggestions import suggest_targets
from web.submitting import submitted

NEW, REJECTED = "new", "rejected"
PAGE_SIZE = 50
MOST_TARGETS = 12
MOST_HEARD = 20


class TagForm(forms.Form):
    """A tag's name and the other words for it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    synonyms = forms.CharField(
        label=gettext_lazy("Other words for it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "One a line. “=US” asks for exactly these capitals; “~space” marks an everyday word "
            "that readers are asked to confirm."
        ),
    )

    def clean_synonyms(self) -> list[str]:
        """One text a line."""
        return [line.strip() for line in self.cleaned_data["synonyms"].splitlines() if line.strip()]


@require_safe
@managers_only
def vocabulary(request: HttpRequest) -> HttpResponse:
    """Show the proposals, or the accepted tags of one facet, with how many carry each."""
    new = Tag.objects.proposed().count()
    heard = SynonymProposal.objects.filter(is_rejected=False, tag__status=TagStatus.ACCEPTED).select_related("tag")
    shown = request.GET.get("show", "")
    if shown not in {NEW, REJECTED, *Facet.values}:
        shown = NEW if new else Facet.INDUSTRY
    text = request.GET.get("q", "").strip()[:200]
    page = Paginator(_list_tags(shown, text), PAGE_SIZE).get_page(
        read_number(request.GET, "page", default=1, most=1_000_000)
    )

    def url_of(other: int) -> str:
        return reverse("web:vocabulary") + write_query({"show": shown, "q": text, "page": str(other)})

    targets = _suggest(list(page)) if shown == NEW else {}
    tabs = ((NEW, _("New words")), *Facet.choices)
    context = {
        "rows": [(tag, targets.get(tag.pk)) for tag in page],
        "pages": make_pages(page.number, page.paginator.count, PAGE_SIZE, url_of),
        "shown": shown,
        "text": text,
        "new": new,
        "heard": heard[:MOST_HEARD],
        "tabs": [(each, label, each == shown) for each, label in (*tabs, (REJECTED, _("Rejected")))],
    }
    return render(request, "web/setup/vocabulary.html", context)


@require_POST
@managers_only
def proposals(request: HttpRequest) -> HttpResponse:
    """Accept or reject the ticked words, also those rejected before; what cannot be is named with the reason."""
    verbs: dict[str, Callable[..., Tag]] = {"accept": accept_tag, "reject": reject_tag}
    verb = verbs.get(request.POST.get("act", ""))
    waiting = Tag.objects.filter(status__in=[TagStatus.PROPOSED, TagStatus.REJECTED])
    chosen = waiting.filter(pk__in=[pk for pk in request.POST.getlist("tag") if pk.isdecimal()])
    if verb is None or not chosen:
        messages.warning(request, _("Tick the words first."))
        return redirect("web:vocabulary")
    done = 0
    for tag in chosen:
        try:
            verb(tag=tag, by=viewer(request))
            done += 1
        except DomainError as error:
            messages.error(request, f"{tag.name}: {error.message}")
    if done:
        words = (
            ngettext("%(n)s tag accepted.", "%(n)s tags accepted.", done)
            if verb is accept_tag
            else ngettext("%(n)s tag rejected.", "%(n)s tags rejected.", done)
        )
        messages.success(request, words % {"n": done})
    return redirect("web:vocabulary")


@require_POST
@managers_only
def synonym_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Make the words people used a synonym, or keep them from being proposed again."""
    row = get_object_or_404(SynonymProposal.objects.select_related("tag"), pk=proposal_id, is_rejected=False)
    words = {"words": row.text, "tag": row.tag.name}
    if request.POST.get("act") == "accept":
        try:
            accept_proposal(proposal=row, by=viewer(request))
            said = (
                _("“%(words)s” now asks before it means %(tag)s.")
                if row.is_misreading
                else _("“%(words)s” now means %(tag)s.")
            )
            messages.success(request, said % words)
        except DomainError as error:
            messages.error(request, error.message)
    else:
        reject_proposal(proposal=row)
        messages.success(request, _("“%(words)s” will not be proposed for %(tag)s again.") % words)
    return redirect("web:vocabulary")


@managers_only
def tag(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Change a tag's name and synonyms, or find the tag it should be merged into."""
    row = get_object_or_404(with_carriers(Tag.objects.visible_to(viewer(request))), pk=tag_id)
    initial = {"name": row.name, "synonyms": "\n".join(row.synonyms.values_list("text", flat=True))}
    form = TagForm(request.POST or None, initial=initial)
    if submitted(request, form, lambda data: _save(row, data["name"], data["synonyms"], viewer(request))):
        messages.success(request, _("Saved; the next search knows it."))
        return redirect("web:tag", row.pk)
    text = request.GET.get("into", "").strip()[:200]
    context = {
        "tag": row,
        "form": form,
        "into": text,
        "targets": _targets(row, text),
    }
    page = "web/setup/targets.html" if wants_part(request, "targets") else "web/setup/tag.html"
    return vary_by_part(render(request, page, context, status=422 if form.errors else 200))


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def tag_merge(request: HttpRequest, tag_id: int) -> HttpResponse:
    """Merge a tag into another of its facet, after asking; what carried it carries the other one from now on."""
    row = get_object_or_404(with_carriers(Tag.objects.visible_to(viewer(request))), pk=tag_id)
    chosen = (request.POST or request.GET).get("into", "")
    target = get_object_or_404(Tag.objects.accepted(), pk=chosen if chosen.isdecimal() else 0)
    if request.method != "POST":
        return render(request, "web/setup/merge.html", {"tag": row, "target": target})
    try:
        merge_tag(source=row, target=target, by=viewer(request))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("web:tag", tag_id)
    messages.success(request, _("“%(old)s” now means “%(new)s”.") % {"old": row.name, "new": target.name})
    return redirect("web:vocabulary")


def _save(row: Tag, name: str, synonyms: list[str], by: User) -> Tag:
    if name != row.name:
        rename_tag(tag=row, name=name, by=by)
        synonyms = [*synonyms, *(text for text in row.synonyms.values_list("text", flat=True) if text not in synonyms)]
    return set_synonyms(tag=row, texts=synonyms)


def with_carriers(rows: models.QuerySet[Tag]) -> models.QuerySet[Tag]:
    """Annotate how many customers and people carry each tag."""
    return rows.annotate(
        customer_count=Count("customer_tags", distinct=True), contact_count=Count("contact_tags", distinct=True)
    )


def _list_tags(shown: str, text: str) -> models.QuerySet[Tag]:
    """The proposals, the rejected, or the accepted tags of a facet, that contain `text` in their name or a synonym."""
    by_status = {NEW: TagStatus.PROPOSED, REJECTED: TagStatus.REJECTED}
    rows = Tag.objects.filter(status=by_status[shown]) if shown in by_status else Tag.objects.accepted()
    rows = rows if shown in by_status else rows.filter(facet=shown)
    if text:
        named = Q(name__icontains=text) | Q(pk__in=TagSynonym.objects.filter(folded__contains=fold(text)).values("tag"))
        rows = rows.filter(named)
    return with_carriers(rows).select_related("parent").prefetch_related("synonyms").order_by("facet", "name", "pk")


def _suggest(proposed: Sequence[Tag]) -> dict[int, Tag]:
    """For each proposal the accepted tag it seems to mean."""
    facets = {tag.facet for tag in proposed}
    accepted = {tag.pk: tag for tag in Tag.objects.accepted().filter(facet__in=facets)}
    known: dict[str, list[tuple[str, int]]] = {facet: [] for facet in facets}
    for tag in accepted.values():
        known[tag.facet].append((tag.name, tag.pk))
    for tag_id, folded in TagSynonym.objects.filter(tag__status=TagStatus.ACCEPTED, tag__facet__in=facets).values_list(
        "tag_id", "folded"
    ):
        known[accepted[tag_id].facet].append((folded, tag_id))
    found = suggest_targets([(tag.pk, tag.facet, tag.name) for tag in proposed], known)
    return {tag_id: accepted[target] for tag_id, target in found.items()}


def _targets(row: Tag, text: str) -> list[Tag]:
    """Accepted tags of the same facet that `text`, or the first word of the tag itself, occurs in."""
    words = fold(text or row.name.split()[0])
    others = Tag.objects.accepted().filter(facet=row.facet).exclude(pk=row.pk)
    found = others.filter(name__icontains=words) | others.filter(synonyms__folded__contains=words)
    return list(found.distinct().order_by("name")[:MOST_TARGETS])
