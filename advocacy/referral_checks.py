"""Looks at a new referral: is the lead known already, is it the referrer's own house, is it a customer; with reasons.

A finding that blocks refuses the referral; any other is a warning that a person decides on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from advocacy.email_domains import company_domain, fold_domain, fold_email, is_disposable, is_same_company
from references.text import fold_name

SAME_NAME = 90.0
"""From this similarity of two folded company names on (RapidFuzz, 0–100), they are taken for one company."""
_LEGAL_FORMS = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|kgaa|ohg|ug|se|sa|sas|sarl|srl|spa|bv|nv|ab|as|oy|aps|inc|incorporated|corp|corporation|co|"
    r"company|llc|llp|lp|plc|ltd|limited|pty|pte|pvt|group|holding|holdings|the)\b"
)


@dataclass(frozen=True, slots=True)
class Lead:
    """The person who was referred, and their company."""

    name: str
    company: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class KnownReferral:
    """A referral made before: its lead, and whether it is still being worked on."""

    id: int
    lead: Lead
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class House:
    """A company by name and domain: the referrer's employer, or a customer with its id."""

    name: str
    domain: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who refers: name, address and employer."""

    name: str
    email: str
    employer: House


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a referral: code, sentence, whether it blocks, and the id of the referral or customer meant.

    Codes: self_email, self_domain, self_employer, same_email, same_person, domain_open, already_customer,
    maybe_customer, disposable.
    """

    code: str
    text: str
    blocks: bool
    about: int | None = None


def check_referral(
    lead: Lead, referrer: Referrer, *, known: Iterable[KnownReferral], customers: Iterable[House]
) -> tuple[Finding, ...]:
    """Give all that is found about a new referral, what blocks first."""
    found = [*check_self(lead, referrer), *check_duplicates(lead, known), *check_customers(lead, customers)]
    if is_disposable(lead.email):
        found.append(Finding("disposable", _("The address is one that is thrown away after use."), blocks=False))
    return tuple(sorted(found, key=lambda each: not each.blocks))


def check_self(lead: Lead, referrer: Referrer) -> Iterable[Finding]:
    """Whether somebody refers themselves or their own employer; one finding at most.

    A company's domain or name that differs in a letter may be another company's: a name alike only warns, unless it is
    the same once folded.
    """
    own = referrer.employer
    domain = company_domain(lead.email)
    if lead.email and fold_email(lead.email) == fold_email(referrer.email):
        yield Finding("self_email", _("This is their own address."), blocks=True)
    elif is_same_company(domain, company_domain(referrer.email)) or is_same_company(domain, fold_domain(own.domain)):
        yield Finding("self_domain", _("The address is of their own company."), blocks=True)
    elif fold_company(lead.company) == fold_company(own.name) != "":
        yield Finding("self_employer", _("This is their own employer."), blocks=True)
    elif is_alike(lead.company, own.name):
        yield Finding("self_employer", _("The company's name is much like their own employer's."), blocks=False)


def check_duplicates(lead: Lead, known: Iterable[KnownReferral]) -> Iterable[Finding]:
    """What was referred before: the same address, the same person at the same company, a domain that is worked on."""
    domain = company_domain(lead.email)
    email, person, company = fold_email(lead.email), fold_name(lead.name), fold_company(lead.company)
    for each in known:
        other = each.lead
        if email and email == fold_email(other.email):
            yield Finding("same_email", _("This address was referred before."), blocks=True, about=each.id)
        elif person and company and (person, company) == (fold_name(other.name), fold_company(other.company)):
            text = _("This person at this company was referred before.")
            yield Finding("same_person", text, blocks=True, about=each.id)
        elif each.is_open and is_same_company(domain, company_domain(other.email)):
            text = _("A referral of this company is being worked on.")
            yield Finding("domain_open", text, blocks=False, about=each.id)


def check_customers(lead: Lead, customers: Iterable[House]) -> Iterable[Finding]:
    """Whether the lead's company is a customer: by domain or name surely, by a name alike perhaps."""
    domain, company = company_domain(lead.email), fold_company(lead.company)
    for each in customers:
        if is_same_company(domain, fold_domain(each.domain)) or (company and company == fold_company(each.name)):
            yield Finding("already_customer", _("The company is a customer already."), blocks=True, about=each.id)
        elif is_alike(lead.company, each.name):
            text = _("The company's name is much like a customer's: %(name)s.") % {"name": each.name}
            yield Finding("maybe_customer", text, blocks=False, about=each.id)


def fold_company(name: str) -> str:
    """A company's name as it is compared: folded, and without its legal form unless nothing else is left of it."""
    folded = fold_name(name)
    return " ".join(_LEGAL_FORMS.sub(" ", folded).split()) or folded


def is_alike(one: str, other: str) -> bool:
    """Whether two company names are nearly the same, whatever the order of their words; very short ones never."""
    first, second = fold_company(one), fold_company(other)
    if min(len(first), len(second)) < 4:
        return False
    return fuzz.token_sort_ratio(first, second) >= SAME_NAME
