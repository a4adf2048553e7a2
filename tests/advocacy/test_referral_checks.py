"""New referrals: who is known, who is the referrer's own house, and which companies are customers already."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocacy.email_domains import company_domain, domain_of, fold_domain, fold_email, is_disposable, is_same_company
from advocacy.referral_checks import (
    Finding,
    House,
    KnownReferral,
    Lead,
    Referrer,
    check_referral,
    fold_company,
    is_alike,
)

REFERRER = Referrer("Ada Own", "ada@ownhouse.test", House("Ownhouse GmbH", "www.ownhouse.test"))
KNOWN = [
    KnownReferral(1, Lead("Ben Bell", "Bellworks Inc.", "ben@bellworks.test")),
    KnownReferral(2, Lead("Cy Cole", "Coleford AG", "cy@coleford.test"), is_open=False),
    KnownReferral(3, Lead("Di Dorn", "Dorn", "di.dorn@gmail.com")),
]
CUSTOMERS = [House("Evertide Insurance", "evertide.test", 40), House("Fjell", "", 41)]


def codes(lead: Lead, referrer: Referrer = REFERRER) -> list[tuple[str, bool, int | None]]:
    found = check_referral(lead, referrer, known=KNOWN, customers=CUSTOMERS)
    return [(each.code, each.blocks, each.about) for each in found]


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (Lead("Zoe New", "Newfield", "zoe@newfield.test"), []),
        (Lead("Zoe New", "Newfield"), []),
        (Lead("Zoe New", "Newfield", "zoe@gmail.com"), []),
        (Lead("Ada", "Newfield", "ADA+lead@ownhouse.test"), [("self_email", True, None)]),
        (Lead("Col League", "Newfield", "col@mail.ownhouse.test"), [("self_domain", True, None)]),
        (Lead("Col League", "OWNHOUSE", "col@gmail.com"), [("self_employer", True, None)]),
        (Lead("Col League", "Ownhousee", "col@gmail.com"), [("self_employer", False, None)]),
        (Lead("B. Bell", "Other", "Ben@Bellworks.test"), [("same_email", True, 1)]),
        (Lead("ben  bell", "Bellworks", "ben.bell@gmail.com"), [("same_person", True, 1)]),
        (Lead("Ben Bell", "Newfield", "ben@newfield.test"), []),
        (Lead("Bo Boss", "Bellworks", "bo@bellworks.test"), [("domain_open", False, 1)]),
        (Lead("Bo Boss", "Coleford", "bo@coleford.test"), []),
        (Lead("Other Dorn", "Newfield", "other@gmail.com"), []),
        (Lead("Zoe New", "Evertide Ltd", "zoe@evertide.test"), [("already_customer", True, 40)]),
        (Lead("Zoe New", "evertide insurance, Inc.", ""), [("already_customer", True, 40)]),
        (Lead("Zoe New", "Insurance Evertides", ""), [("maybe_customer", False, 40)]),
        (Lead("Zoe New", "Fjell AS", ""), [("already_customer", True, 41)]),
        (Lead("Zoe New", "Fjel", ""), []),
        (Lead("Zoe New", "Newfield", "zoe@mailinator.com"), [("disposable", False, None)]),
    ],
)
def test_findings(lead: Lead, expected: list[tuple[str, bool, int | None]]) -> None:
    assert codes(lead) == expected


def test_free_mailbox_is_no_company() -> None:
    referrer = Referrer("Ada Own", "ada@gmail.com", House("Ownhouse", "gmail.com"))
    assert codes(Lead("Zoe New", "Newfield", "zoe@gmail.com"), referrer) == []


def test_what_blocks_is_told_first_and_in_words() -> None:
    found = check_referral(
        Lead("Bo Boss", "Evertide Insurance", "bo@bellworks.test"), REFERRER, known=KNOWN, customers=CUSTOMERS
    )
    assert [each.code for each in found] == ["already_customer", "domain_open"]
    assert found[0] == Finding("already_customer", "The company is a customer already.", True, 40)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The Müller Group GmbH & Co. KG", "muller"),
        ("Müller", "muller"),
        ("Group Holding", "group holding"),
        ("Agora", "agora"),
        ("", ""),
    ],
)
def test_company_names_are_compared_without_their_legal_form(name: str, folded: str) -> None:
    assert fold_company(name) == folded


def test_short_names_are_never_merely_alike() -> None:
    assert not is_alike("ABC", "ABD")
    assert not is_alike("ABC", "ABC Limited")
    assert not is_alike("", "")
    assert is_alike("Northern Light Energy", "Northern Lights Energy Ltd")
    assert not is_alike("Northern Light Energy", "Southern Cross Energy")


@pytest.mark.parametrize(
    ("email", "folded", "domain", "company"),
    [
        (" Ada+x@Mail.Acme.test ", "ada@mail.acme.test", "mail.acme.test", "mail.acme.test"),
        ("ada@gmail.com", "ada@gmail.com", "gmail.com", ""),
        ("ada@eu.yopmail.com", "ada@eu.yopmail.com", "eu.yopmail.com", ""),
        ("+x@acme.test", "+x@acme.test", "acme.test", "acme.test"),
        ("nobody", "nobody", "", ""),
        ("", "", "", ""),
    ],
)
def test_addresses(email: str, folded: str, domain: str, company: str) -> None:
    assert (fold_email(email), domain_of(email), company_domain(email)) == (folded, domain, company)


def test_domains() -> None:
    assert fold_domain("https://www.Acme.test:8443/about") == "acme.test"
    assert is_same_company("mail.acme.test", "acme.test")
    assert not is_same_company("notacme.test", "acme.test")
    assert not is_same_company("", "")
    assert is_disposable("x@sub.mailinator.com")
    assert not is_disposable("x@notmailinator.com")


words = st.text("abcdefg xyz", max_size=12)


@given(words, words, st.sampled_from(["a@one.test", "b@two.test", "c@gmail.com", ""]))
def test_who_was_referred_before_is_always_found(name: str, company: str, email: str) -> None:
    lead = Lead(name, company, email)
    found = check_referral(lead, REFERRER, known=[KnownReferral(9, lead, is_open=False)], customers=[])
    can_tell = bool(email or (name.strip() and company.strip()))
    assert any(each.about == 9 and each.blocks for each in found) == can_tell
