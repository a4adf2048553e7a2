"""Gives and takes uploaded files; what may be read is decided each time anew, so nothing is kept by a browser."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from references.enums import FileKind
from references.errors import DomainError
from references.file_rights import file_piece, find_file, may_read_file, may_remove_file
from references.models import CaseStudy, Customer, StoredFile, Testimonial
from references.permissions import may_log_content
from references.services.files import remove_file, save_file
from users.models import User
from web.access import viewer

NOUNS: dict[str, type[CaseStudy] | type[Testimonial] | type[Customer]] = {
    "case_study": CaseStudy,
    "testimonial": Testimonial,
    "customer": Customer,
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}


@require_safe
@login_required
def give_file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponseBase:
    """Give a file to be saved, never to be opened in the site's own name; 404 for whoever may not read it today."""
    file = _readable(viewer(request), file_id)
    try:
        content = file.content.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.content_type, headers=HEADERS
    )


@require_POST
@login_required
def file_add(request: HttpRequest, noun: str, owner_id: int) -> HttpResponse:
    """Keep a file of a story, a quote, or a customer (the logo)."""
    owner = _owner(viewer(request), noun, owner_id)
    upload = request.FILES.get("file")
    kind = FileKind.LOGO if isinstance(owner, Customer) else request.POST.get("kind", "")
    if upload is None:
        messages.warning(request, _("Choose a file first."))
        return redirect(_url(owner))
    try:
        saved = save_file(owner=owner, kind=kind, upload=upload, by=viewer(request))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%(name)s is kept.") % {"name": saved.name})
    return redirect(_url(owner))


@require_POST
@login_required
def file_remove(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Delete a file for good."""
    file = _readable(viewer(request), file_id)
    if not may_remove_file(viewer(request), file):
        raise PermissionDenied
    back = _url(file.customer or file_piece(file))
    remove_file(file=file)
    messages.success(request, _("%(name)s is deleted.") % {"name": file.name})
    return redirect(back)


def _readable(user: User, file_id: uuid.UUID) -> StoredFile:
    file = find_file(file_id)
    if file is None or not may_read_file(user, file):
        raise Http404
    return file


def _owner(user: User, noun: str, owner_id: int) -> CaseStudy | Testimonial | Customer:
    """What a file is for: 404 for a customer out of sight, 403 for whoever may not log its content."""
    model = NOUNS.get(noun)
    row = None if model is None else model._default_manager.filter(pk=owner_id).first()
    if row is None:
        raise Http404
    customer = row if isinstance(row, Customer) else row.customer
    if not Customer.objects.visible_to(user).filter(pk=customer.pk).exists():
        raise Http404
    if not may_log_content(user, customer):
        raise PermissionDenied
    return row


def _url(row: CaseStudy | Testimonial | Customer) -> str:
    if isinstance(row, Customer):
        return reverse("web:customer", args=[row.pk])
    return reverse("web:story", args=["case_study" if isinstance(row, CaseStudy) else "testimonial", row.pk])
