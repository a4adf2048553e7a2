"""The content library: the list of every piece, and the page of one with all that happened to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from references.blinding import blind_title, hide_names, may_see_customer_name, may_see_name
from references.enums import ContentStatus, ReviewStatus
from references.library_filters import KINDS
from references.models import Contact, ContentReview, ContentVersion, Customer, ReviewLine, StateChange
from references.permissions import may_log_content
from references.pool.index import current_snapshot
from references.program import current_policy
from references.rights_standing import is_covered
from references.services.library import UNFINISHED
from references.services.saving import name_subject
from references.services.versions import is_fixed
from references.where_used import where_used
from references.wording import NOUNS, Written, about, name_of, noun_of, tell_number, words_of
from users.models import User
from web.access import viewer
from web.library.comparing import tell_versions
from web.library.forms import UseForm
from web.library.listing import list_content
from web.library.shown import STATUS_COLORS, badges_of, hidden_names, sees_customer, show_lines, usable_rows
from web.listing import Listing

ENDED = (ContentStatus.EXPIRED, ContentStatus.RECALLED)
UNREVISED = (ContentStatus.DRAFT, ContentStatus.WITH_CUSTOMER)
MOST_CHANGES = 30
SORTS = (
    ("", gettext_lazy("Changed last")),
    ("-published_on", gettext_lazy("Published last")),
    ("expires_on", gettext_lazy("Expires first")),
    ("-created_at", gettext_lazy("Newest first")),
    ("updated_at", gettext_lazy("Longest untouched")),
)
PART_WORDS = {
    "title": gettext_lazy("Title"),
    "challenge": gettext_lazy("The challenge"),
    "solution_text": gettext_lazy("What was done"),
    "results": gettext_lazy("What came of it"),
    "text": gettext_lazy("Text"),
    "said_by": gettext_lazy("Said by"),
    "said_by_title": gettext_lazy("Their title"),
    "transcript": gettext_lazy("Transcript"),
    "number": gettext_lazy("Number"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look of a customer at a draft: who looked, and what was said, by line and in whole."""

    review: ContentReview
    who: str
    lines: list[tuple[ReviewLine, str, bool]]
    note: str

    @property
    def has_suggestions(self) -> bool:
        """Whether better words can still be taken over."""
        return any(is_open for _line, _part, is_open in self.lines)


@require_safe
@login_required
def content(request: HttpRequest) -> HttpResponse:
    """List every piece that the viewer may log content of, by state."""
    user, policy = viewer(request), current_policy()
    listing, counts = list_content(request, user, reverse("web:content"))
    status = listing.value("status")
    total = sum(counts.values())
    tabs = [(_("All"), listing.url(status=""), total, not status)]
    tabs += [
        (str(label).capitalize(), listing.url(status=value), counts.get(value, 0), value == status)
        for value, label in ContentStatus.choices
    ]
    context = {
        "listing": listing,
        "lines": show_lines(user, policy, listing.page),
        "tabs": tabs,
        "kinds": KINDS,
        "sorts": SORTS,
        "chips": _chips(listing, user),
        "me": str(user.pk),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/library/list.html", context)


@require_safe
@login_required
def piece(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Show one piece: words, numbers, rights, wordings, looks, where it is used, and the one next thing to do."""
    return render(request, "web/library/piece.html", piece_context(request, find_piece(request, kind, story_id)))


def find_piece(request: HttpRequest, kind: str, pk: int) -> Written:
    """The piece that the viewer may log content of: 404 for none, 403 for somebody else's."""
    if kind not in NOUNS:
        raise Http404
    rows: Any = NOUNS[kind]._default_manager.select_related("customer", "contact", "owner", "replaces")
    row: Written | None = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    if not may_log_content(viewer(request), row.customer):
        raise PermissionDenied
    return row


def piece_context(request: HttpRequest, row: Written, use_form: UseForm | None = None) -> dict[str, Any]:
    """All that the page of a piece shows."""
    user, policy, noun = viewer(request), current_policy(), noun_of(row)
    usable = usable_rows(noun, [row.pk]).get(row.pk)
    hidden = hidden_names(user, row, policy, usable)

    def hide(text: str) -> str:
        return hide_names(text, hidden) if hidden else text

    places = where_used(row, user)
    revisions: list[Any] = list(row.revisions.order_by("-pk"))
    looks = _looks(row, user, hide)
    is_over = row.status in ENDED
    open_places = [place for place in places if place.use is not None and place.is_open]
    return {
        "row": row,
        "noun": noun,
        "name": hide(name_of(row)),
        "customer": row.customer if sees_customer(user, row, policy, usable) else None,
        "parts": [(PART_WORDS[part], hide(text)) for part, text in words_of(row).items() if text and part != "title"],
        "numbers": [(point, hide(tell_number(point))) for point in row.proof_points.all()],
        "is_blinded": bool(hidden),
        "badges": badges_of(usable, current_snapshot().vocabulary),
        "color": STATUS_COLORS[ContentStatus(row.status)],
        "is_fixed": is_fixed(row),
        "is_covered": is_covered(row, timezone.localdate()),
        "may_edit": not hidden,
        "wordings": tell_versions(ContentVersion.objects.filter(**about(row)).select_related("made_by"), hide),
        "part_words": PART_WORDS,
        "looks": looks,
        "waiting": next((look for look in looks if look.review.status == ReviewStatus.WAITING), None),
        "wishes": looks[0] if looks and _are_wishes(row, looks[0]) else None,
        "places": places,
        "to_take_down": open_places if is_over else [],
        "is_over": is_over,
        "revisions": revisions,
        "may_revise": row.status not in UNREVISED and not any(each.status in UNFINISHED for each in revisions),
        "use_form": use_form or UseForm(initial={"since": timezone.localdate()}),
        "changes": _changes(row, hide),
        "soon": timezone.localdate() + timedelta(days=30),
    }


def tell_reader(contact: Contact, user: User) -> str:
    """Who at the customer looks at a draft, by name or, for those who may not see it, by title."""
    if may_see_name(user, contact.customer.account_owner_id):
        return contact.name
    return blind_title(contact.title, [contact.name]) or _("someone")


def _are_wishes(row: Written, look: Look) -> bool:
    return row.status == ContentStatus.DRAFT and look.review.status == ReviewStatus.CHANGES


def _looks(row: Written, user: User, hide: Callable[[str], str]) -> list[Look]:
    """The looks of customers, newest first; of a line, whether its better words can still be taken over."""
    reviews = ContentReview.objects.filter(**about(row)).select_related("contact__customer", "asked_by", "version")
    words = words_of(row)
    is_draft = row.status == ContentStatus.DRAFT
    shown = []
    for number, review in enumerate(reviews.prefetch_related("lines")):
        may_apply = number == 0 and is_draft and review.status == ReviewStatus.CHANGES
        lines = [
            (
                line,
                str(PART_WORDS[line.part]),
                bool(may_apply and line.suggestion and _stands(line.text, line.part, words)),
            )
            for line in review.lines.all()
        ]
        for line, _part, _is_open in lines:
            line.text, line.suggestion, line.comment = hide(line.text), hide(line.suggestion), hide(line.comment)
        said = [each for each in lines if each[0].decision == "change" or each[0].comment or each[0].suggestion]
        shown.append(Look(review, tell_reader(review.contact, user), said, hide(review.note)))
    return shown


def _stands(text: str, part: str, words: dict[str, str]) -> bool:
    return any(line.strip() == text for line in words.get(part, "").splitlines())


def _changes(row: Written, hide: Callable[[str], str]) -> list[tuple[StateChange, str, str]]:
    """What happened, newest first, with the state in words and why."""
    rows = StateChange.objects.filter(subject=name_subject(row)).select_related("by").order_by("-pk")
    labels = dict(ContentStatus.choices)
    return [(each, str(labels.get(each.to_status, each.to_status)), hide(each.why)) for each in rows[:MOST_CHANGES]]


def _chips(listing: Listing, user: User) -> list[tuple[str, str, str]]:
    """What is filtered by and has no field of its own: label, name and the address without it."""
    given = listing.value("customer")
    if not given.isdecimal():
        return []
    row = Customer.objects.visible_to(user).filter(pk=given).first()
    sees = row is not None and may_see_customer_name(user, row, current_policy())
    return [(_("Customer"), row.name if row is not None and sees else "…", listing.url(customer=""))]
