"""Job titles without the company and without shouting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.titles import clean_title


@pytest.mark.parametrize(
    ("title", "customer", "expected"),
    [
        ("Staff Software Developer, AppDirect", "AppDirect", "Staff Software Developer"),
        (
            "PRINCIPAL DEVELOPER, B PLATFORM TRACK AT BOOKING.COM",
            "Booking.com",
            "Principal Developer, B Platform Track",
        ),
        ("CO-FOUNDER AND SERVICES ARCHITECT OF BOX", "Box", "Co-Founder and Services Architect"),
        ("HEAD OF INFRASTRUCTURE FOR OPENAI", "OpenAI", "Head of Infrastructure"),
        ("Executive Director, Engineering at The New York Times", "New York Times", "Executive Director, Engineering"),
        ("Lead Cloud Engineer, Bose", "Bose Corporation", "Lead Cloud Engineer"),
        ("Chief Engineer from Quantum Technologies*", "Quantum Technologies", "Chief Engineer"),
        (
            "ENGINEERING MANAGER FOR VSCO'S MACHINE LEARNING TEAM",
            "VSCO",
            "Engineering Manager for VSCO's Machine Learning Team",
        ),
        ("SENIOR DEVOPS ENGINEER | PROWISE", "Prowise", "Senior DevOps Engineer"),
        ("VP, IT AND QA", "Acme", "VP, IT and QA"),
        ("CTO", "Acme", "CTO"),
        ("Tymit", "Tymit", ""),
        ("Technical Lead, Wipro", "Citibank", "Technical Lead, Wipro"),
        ("Manager, Research at Scale", "Acme", "Manager, Research at Scale"),
        ("SVP, Procurement", "", "SVP, Procurement"),
        ("chief software architect", "Huawei", "chief software architect"),
        ("", "Acme", ""),
    ],
)
def test_clean_title_of_real_ones(title: str, customer: str, expected: str) -> None:
    assert clean_title(title, customer) == expected


@given(st.text(max_size=60), st.text(max_size=30))
def test_clean_title_adds_nothing(title: str, customer: str) -> None:
    plain = " ".join(title.split())
    assert clean_title(title, customer).casefold().replace(" ", "") in plain.casefold().replace(" ", "")
