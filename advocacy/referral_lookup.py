"""Looks up what a new referral is checked against, and says findings in words to somebody who logs in."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advocacy.email_domains import company_domain, fold_email
from advocacy.enums import ReferralStatus
from advocacy.models import Referral
from advocacy.referral_checks import Finding, House, KnownReferral, Lead, Referrer, check_referral, fold_company
from references.models import Contact, Customer
from references.text import fold_name

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

SELF = frozenset({"self_email", "self_domain", "self_employer"})
TWINS = frozenset({"same_email", "same_person"})
OPEN = frozenset({ReferralStatus.NEW, ReferralStatus.QUALIFIED, ReferralStatus.WON})
WORDS: "dict[str, StrOrPromise]" = {
    "self_email": _("The lead's address is the referrer's own."),
    "self_domain": _("The lead's address is of the referrer's own company."),
    "self_employer": _("The company is, or is called much like, the referrer's own employer."),
    "same_email": _("This address was referred before."),
    "same_person": _("This person at this company was referred before."),
    "domain_open": _("A referral of this company is being worked on."),
    "already_customer": _("The company is a customer already."),
    "maybe_customer": _("The company's name is much like a customer's."),
    "disposable": _("The address is one that is thrown away after use."),
}


def look_up(row: Referral, *, is_reopened: bool = False) -> tuple[Finding, ...]:
    """All that is found about a referral (referrer and customer loaded) besides earlier ones; two queries.

    For one that `is_reopened` later ones count as earlier ones do.
    """
    lead = Lead(row.lead_name, row.company, row.lead_email)
    person = row.referrer
    employer = House(person.customer.name, person.customer.domain, person.customer_id)
    others = Customer.objects.exclude(pk=person.customer_id).values_list("name", "domain", "pk")
    return check_referral(
        lead,
        Referrer(person.name, person.email, employer),
        known=_known(row, is_reopened=is_reopened),
        customers=[House(name, domain, pk) for name, domain, pk in others.iterator(chunk_size=2_000)],
    )


def _known(row: Referral, *, is_reopened: bool) -> list[KnownReferral]:
    """The earlier referrals that could be of the same lead."""
    alike = Q(folded_company=row.folded_company) if row.folded_company else Q(pk=None)
    email, domain = fold_email(row.lead_email), company_domain(row.lead_email)
    if email:
        name, _at, host = email.rpartition("@")
        alike |= Q(lead_email__istartswith=name, lead_email__iendswith=f"@{host}")
    if domain:
        alike |= Q(lead_email__iendswith=f"@{domain}") | Q(lead_email__iendswith=f".{domain}")
    rows = Referral.objects.filter(alike).order_by("pk")
    if row.pk is not None:
        rows = rows.exclude(pk=row.pk) if is_reopened else rows.filter(pk__lt=row.pk)
    # What was disqualified was no referral, so the same lead may come by somebody else.
    rows = rows.exclude(status=ReferralStatus.DISQUALIFIED)
    return [
        KnownReferral(each.pk, Lead(each.lead_name, each.company, each.lead_email), is_open=each.status in OPEN)
        for each in rows[:500]
    ]


def keep(finding: Finding) -> dict[str, Any]:
    """A finding as it is kept with a referral: without words, which name others."""
    return {"code": finding.code, "about": finding.about, "blocks": finding.blocks}


def words_of(code: str) -> str:
    """The sentence of a finding, naming nobody."""
    return str(WORDS.get(code, code))


def is_paid_for(row: Referral) -> bool:
    """Whether a referral counts: no duplicate, nobody's own house, no customer already; or a manager let it count."""
    blocking = [each for each in row.warnings if each.get("blocks") and not each.get("is_settled")]
    return row.duplicate_of_id is None and not blocking


def referrals_of_person(contact: Contact) -> list[Referral]:
    """All referrals of one person, the earliest first."""
    return list(Referral.objects.filter(referrer=contact).order_by("pk"))


def fold(company: str) -> str:
    """A company's name as it is kept for comparing."""
    return fold_company(company) or fold_name(company)
