"""What is done to a piece of content from its page: given, taken back, published, recalled, revised, noted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from references.blinding import may_see_name
from references.enums import ContactStatus, ReviewStatus
from references.errors import DomainError
from references.models import Contact, ContentReview, ContentUse, ProofPoint
from references.services.customers import delete_proof_point, save_proof_point
from references.services.library import (
    add_use,
    apply_suggestions,
    end_use,
    publish_content,
    recall_content,
    revise_content,
)
from references.services.reviews import give_to_customer, take_back_review
from references.where_used import uses_of
from references.wording import Written, about, noun_of
from users.models import User
from web.access import viewer
from web.library.forms import GiveForm, NumberForm, RecallForm, UseForm
from web.library.views import find_piece, piece_context
from web.submitting import submitted, typed

MOST_PEOPLE = 200


@login_required
def give(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Choose who at the customer looks at a draft, and send it to them."""
    row, user = find_piece(request, kind, story_id), viewer(request)
    people = _people_of(row)
    form = GiveForm(
        request.POST or None,
        people=people,
        names_people=may_see_name(user, row.customer.account_owner_id),
        initial={"contact": row.contact_id},
    )
    if submitted(request, form, lambda data: give_to_customer(piece=row, by=user, **data)):
        messages.success(request, _("It is on its way by mail, with a link that nobody else can use."))
        return redirect(_url(row))
    lead = (
        _("They read it line by line, and say where it may be used. You hear what they say.")
        if people
        else _("Nobody at this customer can be written to: add a person with an e-mail address first.")
    )
    return _form_page(request, form, row, _("Give it to the customer"), lead, _("Send it"))


@login_required
def recall(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Take a piece out of use, after asking why."""
    row = find_piece(request, kind, story_id)
    form = RecallForm(request.POST or None)
    if submitted(request, form, lambda data: recall_content(piece=row, by=viewer(request), **data)):
        messages.success(request, _("Recalled. Our own pages show it no more; take it down in the places listed here."))
        return redirect(_url(row))
    lead = _("It cannot be brought back; a revision can be made of it. Its owner gets the list of where it is used.")
    return _form_page(request, form, row, _("Recall it"), lead, _("Recall"))


@login_required
def number(request: HttpRequest, kind: str, story_id: int, point_id: int | None = None) -> HttpResponse:
    """Add a number to a piece, change one, or remove it."""
    row = find_piece(request, kind, story_id)
    points = ProofPoint.objects.select_related("customer", "case_study", "testimonial").filter(**about(row))
    point = None if point_id is None else get_object_or_404(points, pk=point_id)
    if point is not None and request.POST.get("act") == "remove":
        by = viewer(request)
        return _do(request, row, lambda: delete_proof_point(point=point, by=by), _("The number is gone."))
    form = NumberForm(request.POST or None, instance=point)

    def save(data: dict[str, Any]) -> ProofPoint:
        return save_proof_point(customer=row.customer, point=point, piece=row, data=typed(form, data))

    if submitted(request, form, save):
        return redirect(f"{_url(row)}#h-numbers")
    title = _("Add a number") if point is None else _("Change a number")
    lead = _("What was measured, before and after, in which unit, and how: a number nobody can check helps nobody.")
    return _form_page(request, form, row, title, lead, removes=point is not None)


@require_POST
@login_required
def move(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Publish what is approved, take back what waits, or make a revision."""
    row, user, act = find_piece(request, kind, story_id), viewer(request), request.POST.get("act")
    if act == "publish":
        return _do(request, row, lambda: publish_content(piece=row, by=user), _("Published."))
    if act == "take-back":
        return _do(request, row, lambda: _take_back(row, user), _("Taken back; its link is closed."))
    if act != "revise":
        return redirect(_url(row))
    try:
        new = revise_content(piece=row, by=user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(_url(row))
    messages.success(request, _("This is the revision: change its words, then give it to the customer."))
    return redirect(_url(new))


@require_POST
@login_required
def apply(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Take over the customer's better words: of one line, or all."""
    row = find_piece(request, kind, story_id)
    review = ContentReview.objects.filter(**about(row)).select_related("case_study", "testimonial").first()
    line = request.POST.get("line", "")

    def take_over() -> None:
        if review is None:
            raise DomainError("no_suggestion", _("They suggested no words for this."))
        apply_suggestions(review=review, by=viewer(request), number=int(line) if line.isdecimal() else None)

    return _do(request, row, take_over, _("Their words stand now."))


@require_POST
@login_required
def use_add(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Note where a piece is used."""
    row = find_piece(request, kind, story_id)
    form = UseForm(request.POST)
    if submitted(request, form, lambda data: add_use(piece=row, by=viewer(request), **data)):
        return redirect(f"{_url(row)}#h-uses")
    return render(request, "web/library/piece.html", piece_context(request, row, form), status=422)


@require_POST
@login_required
def use_end(request: HttpRequest, kind: str, story_id: int) -> HttpResponse:
    """Tick off a place in which it was taken down."""
    row, given = find_piece(request, kind, story_id), request.POST.get("use", "")
    use: ContentUse = get_object_or_404(uses_of(row), pk=int(given) if given.isdecimal() and len(given) < 18 else 0)
    end_use(use=use)
    return redirect(f"{_url(row)}#h-uses")


def _take_back(row: Written, user: User) -> None:
    review = ContentReview.objects.filter(**about(row), status=ReviewStatus.WAITING).first()
    if review is None:
        raise DomainError("review_over", _("This draft was answered, or was taken back."))
    take_back_review(review=review, by=user)


def _do(request: HttpRequest, row: Written, act: Callable[[], object], done: str) -> HttpResponse:
    """Do something and say so on the page of the piece, or why it could not be done."""
    try:
        act()
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect(_url(row))


def _people_of(row: Written) -> list[Contact]:
    people = Contact.objects.filter(customer=row.customer_id, has_opted_out=False).exclude(email="")
    return list(people.exclude(status=ContactStatus.RETIRED).order_by("name", "pk")[:MOST_PEOPLE])


def _url(row: Written) -> str:
    return reverse("web:content-piece", args=[noun_of(row), row.pk])


def _form_page(
    request: HttpRequest, form: Any, row: Written, title: str, lead: str, action: str = "", *, removes: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "back": _url(row),
        "action": action or _("Save"),
        "removes": removes,
    }
    return render(request, "web/library/form.html", context, status=422 if form.errors else 200)
