"""The policy on pages: its settings, what a change would do before it is saved, and its versions with the way back."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from matching.policy_preview import Preview, preview_policy
from references.errors import DomainError
from references.models import PolicyVersion
from references.policy_values import diff_policies, differing_values
from references.program import current_policy, merge_policy
from references.record_filters import PolicyVersionFilter
from references.services.policies import LONGEST_NOTE, restore_policy, save_policy, values_of_version
from users.models import User
from web.access import managers_only, viewer
from web.listing import list_rows
from web.setup.policy_forms import PolicyForms
from web.setup.policy_words import SaidDifference, say_differences, say_effect


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def policy(request: HttpRequest) -> HttpResponse:
    """Show the settings; preview what was changed, save what was previewed, or go on editing it."""
    act = request.POST.get("act", "")
    if request.method != "POST":
        now = current_policy()
        return _show_form(request, PolicyForms(now), now.version)
    if act in {"save", "edit"}:
        return _go_on(request, act)
    forms = PolicyForms(current_policy(), request.POST)
    if not forms.is_valid():
        return _show_form(request, forms, _read_version(request), status=422)
    try:
        preview = preview_policy(forms.values())
    except DomainError as error:
        forms.add_error(error)
        return _show_form(request, forms, _read_version(request), status=422)
    return _show_preview(request, preview, began_with=_read_version(request))


@require_safe
@managers_only
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions, each with what it changed."""
    rows = PolicyVersion.objects.select_related("made_by")
    listing = list_rows(request, PolicyVersionFilter, rows, reverse("web:policy-versions"), ordering="-version")
    context = {
        "listing": listing,
        "versions": _tell_versions(list(listing.page)),
        "makers": User.objects.filter(pk__in=PolicyVersion.objects.order_by().values("made_by")),
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
        "newest": current_policy().version,
    }
    return render(request, "web/setup/policy_versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def version(request: HttpRequest, version: int) -> HttpResponse:
    """Show one version, 0 the shipped defaults, and what would change if it were restored; restore it."""
    if version == 0:
        row = PolicyVersion(version=0, note=_("The shipped defaults"))
    else:
        row = get_object_or_404(PolicyVersion.objects.select_related("made_by"), version=version)
    if request.method == "POST":
        return _restore(request, version)
    context: dict[str, Any] = {"told": _tell_versions([row])[0], "number": version, "longest_note": LONGEST_NOTE}
    try:
        context |= _tell_preview(preview_policy(values_of_version(version)))
    except DomainError as error:
        context["refusal"] = error.message
    return render(request, "web/setup/policy_version.html", context)


@dataclass(frozen=True, slots=True)
class ToldVersion:
    """A version, what it changed against the one before, and why that cannot be told if it cannot."""

    row: PolicyVersion
    differences: list[SaidDifference]
    problem: str = ""


def _tell_versions(rows: list[PolicyVersion]) -> list[ToldVersion]:
    """Two versions are compared under today's settings; the ones before are read in one query."""
    numbers = [row.version - 1 for row in rows]
    before = dict(PolicyVersion.objects.filter(version__in=numbers).values_list("version", "values"))
    told = []
    for row in rows:
        try:
            differences = diff_policies(merge_policy(before.get(row.version - 1, {})), merge_policy(row.values))
        except DomainError as error:
            told.append(ToldVersion(row, [], error.message))
            continue
        told.append(ToldVersion(row, say_differences(differences)))
    return told


def _restore(request: HttpRequest, number: int) -> HttpResponse:
    expected = _read_version(request)
    try:
        row = restore_policy(
            version=number, by=viewer(request), note=request.POST.get("note", ""), expected_version=expected
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("web:policy-version", number)
    messages.success(request, _("Version %(number)s holds from now on.") % {"number": row.version})
    return redirect("web:policy-versions")


def _go_on(request: HttpRequest, act: str) -> HttpResponse:
    """Save what was previewed, or show it in the form again."""
    try:
        values = json.loads(request.POST.get("values", ""))
        wanted = merge_policy(values)
    except (ValueError, TypeError, AttributeError, DomainError):
        return HttpResponseBadRequest(_("These settings were not written by this page."), content_type="text/plain")
    if act == "edit":
        return _show_form(request, PolicyForms(wanted), _read_version(request))
    try:
        row = save_policy(
            values=values,
            by=viewer(request),
            note=request.POST.get("note", ""),
            expected_version=_read_version(request),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return _show_preview(request, preview_policy(values), began_with=_read_version(request), status=409)
    messages.success(request, _("Saved. Version %(number)s holds from now on.") % {"number": row.version})
    return redirect("web:policy")


def _read_version(request: HttpRequest) -> int:
    """The version that was current when the page was opened."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _show_form(request: HttpRequest, forms: PolicyForms, version: int, status: int = 200) -> HttpResponse:
    return render(request, "web/setup/policy.html", {"forms": forms, "version": version}, status=status)


def _show_preview(request: HttpRequest, preview: Preview, *, began_with: int, status: int = 200) -> HttpResponse:
    if not preview.differences:
        messages.info(request, _("Nothing would change: these are the settings that hold."))
        return _show_form(request, PolicyForms(preview.before), preview.before.version)
    context = {
        **_tell_preview(preview),
        "values": json.dumps(differing_values(preview.after)),
        "overtaken": preview.before.version != began_with,
        "note": request.POST.get("note", ""),
        "longest_note": LONGEST_NOTE,
    }
    return render(request, "web/setup/policy_preview.html", context, status=status)


def _tell_preview(preview: Preview) -> dict[str, Any]:
    return {
        "preview": preview,
        "current": preview.before.version,
        "next": preview.before.version + 1,
        "differences": say_differences(preview.differences),
        "effects": [(effect, [say_effect(each) for each in effect.people]) for effect in preview.requests],
    }
