"""The list of referrals with its totals, the chains of who brought whom, and what each customer's people brought."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from advocacy.chains import Branch
from advocacy.enums import ReferralStatus, ReferralVia
from advocacy.models import FraudFlag, Referral
from advocacy.program import current_settings
from advocacy.referral_filters import ReferralFilter
from advocacy.referral_values import PersonLine, ReferrerLine, read_forest, read_referrers, sum_by_status
from references.blinding import may_see_customer_name
from references.consent_view import tell_whose
from references.models import Contact, Customer
from references.policy import ProgramPolicy
from references.program import current_policy
from users.models import User
from web.access import viewer
from web.listing import PAGE_SIZE, Listing, list_rows
from web.paging import Pages, make_pages
from web.querying import read_number, write_query
from web.referrals.shown import COLORS, tell, write_money

SORTS = (
    ("-created_at", gettext_lazy("Newest first")),
    ("created_at", gettext_lazy("Oldest first")),
    ("company", gettext_lazy("By company")),
    ("-value", gettext_lazy("Largest first")),
)
DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the chains: a customer, or a lead that is none yet, `depth` steps (at most 6) from the top."""

    name: str
    url: str
    depth: int
    is_lead: bool
    children: int
    below: int
    worth: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What one customer's people, or one of them, brought."""

    name: str
    url: str
    line: ReferrerLine | PersonLine
    sales: str
    worth: str
    people: tuple["Brought", ...] = ()


def visible_referrals(user: User) -> "QuerySet[Referral]":
    """The referrals that the viewer sees, with what their lines need."""
    rows: QuerySet[Referral] = Referral.objects.visible_to(user)
    return rows.select_related("referrer__customer", "owner", "became")


@require_safe
@login_required
def referrals(request: HttpRequest) -> HttpResponse:
    """List the referrals that the viewer sees, newest first, with totals by state."""
    user, policy = viewer(request), current_policy()
    rows = visible_referrals(user)
    listing = list_rows(request, ReferralFilter, rows, reverse("web:referrals"), ordering="-created_at")
    found = cast("QuerySet[Referral]", listing.page.paginator.object_list)
    context = {
        "listing": listing,
        "lines": [tell(row, user, policy) for row in listing.page],
        "sums": [
            (ReferralStatus(each.status).label, COLORS[each.status], each.count, write_money(each.values))
            for each in sum_by_status(found)
        ],
        "states": _states(listing),
        "chips": _chips(listing, user, policy),
        "vias": ReferralVia.choices,
        "sorts": SORTS,
        "me": str(user.pk),
        "columns": {name: listing.url_sorting(name) for name in ("company", "value", "created_at")},
        "flags": FraudFlag.objects.visible_to(user).open().count() if user.is_manager else 0,
        "is_narrowed": bool(listing.query.keys() - {"ordering"}),
    }
    return render(request, "web/referrals/list.html", context)


@require_safe
@login_required
def chains(request: HttpRequest) -> HttpResponse:
    """Show who brought whom, and whom those brought in their turn."""
    user, policy = viewer(request), current_policy()
    forest, customers, leads = read_forest(Referral.objects.visible_to(user))
    page, pages = _cut(request, list(forest.branches), reverse("web:referral-chains"))
    context = {
        "nodes": [_node(branch, customers, leads, user, policy) for branch in page],
        "depth": forest.depth,
        "total": len(forest.branches),
        "repeated": len(forest.repeated),
        "circular": len(forest.circular),
        "pages": pages,
    }
    return render(request, "web/referrals/chains.html", context)


@require_safe
@login_required
def values(request: HttpRequest) -> HttpResponse:
    """Show what each customer's people brought, and what that is worth."""
    user, policy = viewer(request), current_policy()
    lines = read_referrers(Referral.objects.visible_to(user))
    page, pages = _cut(request, lines, reverse("web:referral-values"))
    context = {
        "lines": [_brought(line, user, policy) for line in page],
        "total": len(lines),
        "settings": current_settings(),
        "pages": pages,
    }
    return render(request, "web/referrals/values.html", context)


def _cut(request: HttpRequest, rows: list[Any], address: str) -> tuple[list[Any], Pages]:
    """One page of rows that are all at hand."""
    number = read_number(request.GET, "page", default=1, most=1_000_000)
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    pages = make_pages(page.number, len(rows), PAGE_SIZE, lambda other: address + write_query({"page": str(other)}))
    return list(page), pages


def _node(
    branch: Branch, customers: dict[str, Customer], leads: dict[str, Referral], user: User, policy: ProgramPolicy
) -> Node:
    lead, customer = leads.get(branch.node), customers.get(branch.node)
    name, url = _("A customer"), ""
    if lead is not None:
        name, url = lead.company, reverse("web:referral", args=[lead.pk])
    elif customer is not None and may_see_customer_name(user, customer, policy):
        name, url = customer.name, reverse("web:customer", args=[customer.pk])
    return Node(
        name=name,
        url=url,
        depth=min(branch.depth, DEEPEST),
        is_lead=lead is not None,
        children=branch.children,
        below=branch.below,
        worth=write_money(branch.value_below),
    )


def _brought(line: ReferrerLine, user: User, policy: ProgramPolicy) -> Brought:
    sees = may_see_customer_name(user, line.customer, policy)
    return Brought(
        name=line.customer.name if sees else _("A customer"),
        url=reverse("web:customer", args=[line.customer.pk]) if sees else "",
        line=line,
        sales=write_money(sorted(line.sales.items())),
        worth=write_money(line.worth.items()),
        people=tuple(
            Brought(
                name=tell_whose(user, each.contact, line.customer, policy).who,
                url=reverse("web:referrals") + write_query({"referrer": str(each.contact.pk)}),
                line=each,
                sales="",
                worth=write_money(each.worth.items()),
            )
            for each in line.referrers.values()
        ),
    )


def _states(listing: Listing) -> list[tuple[str, str, bool]]:
    """The states to choose from: label, value, and whether it is chosen."""
    chosen = listing.query.get("status", ())
    return [(str(label).capitalize(), value, value in chosen) for value, label in ReferralStatus.choices]


def _chips(listing: Listing, user: User, policy: ProgramPolicy) -> list[tuple[str, str, str]]:
    """What is filtered by and has no field of its own: label, name and the address without it."""
    chips: list[tuple[str, str, str]] = []
    if listing.value("referrer").isdecimal():
        rows = Contact.objects.visible_to(user).select_related("customer")
        person = rows.filter(pk=listing.value("referrer")).first()
        name = tell_whose(user, person, person.customer, policy).who if person else "…"
        chips.append((_("Referred by"), name, listing.url(referrer="")))
    if listing.value("customer").isdecimal():
        customer = Customer.objects.visible_to(user).filter(pk=listing.value("customer")).first()
        sees = customer is not None and may_see_customer_name(user, customer, policy)
        chips.append((_("Customer"), customer.name if customer and sees else "…", listing.url(customer="")))
    if listing.value("owner").isdecimal() and listing.value("owner") != str(user.pk):
        owner = User.objects.filter(pk=listing.value("owner")).first()
        chips.append((_("Followed up by"), str(owner or "…"), listing.url(owner="")))
    return chips
