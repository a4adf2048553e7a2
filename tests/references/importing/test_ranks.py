"""Seniority and roles read from job titles."""

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.enums import Seniority
from references.importing.ranks import find_roles, read_seniority
from tests.references.importing.files import find_data
from tests.references.importing.test_places import NAMES, VOCABULARY


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("CTO", "c_level"),
        ("Co-Founder and Services Architect", "c_level"),
        ("Chief Information Security Officer", "c_level"),
        ("Managing Director", "c_level"),
        ("Geschäftsführer", "c_level"),
        ("Senior Vice President, Sales", "vp"),
        ("V.P. of Sales", "vp"),
        ("Head of Infrastructure", "director"),
        ("Head DBA", "director"),
        ("Chief Architect", "director"),
        ("Executive Director, Engineering", "director"),
        ("Abteilungsleiter Einkauf", "director"),
        ("Engineering Manager", "manager"),
        ("DBA team leader", "manager"),
        ("Teamleiter Vertrieb", "manager"),
        ("Art Director", "staff"),
        ("Staff Engineer", "senior"),
        ("Sr.Automation Test Engineer", "senior"),
        ("Tech Lead", "senior"),
        ("Software Engineer", "staff"),
        ("Assistant to the CEO", "staff"),
        ("Assistentin der Geschäftsführung", "staff"),
        ("Junior Project Manager", "staff"),
        ("DevOps Intern", "staff"),
        ("HR Business Partner", "staff"),
        ("Student", ""),
        ("TiDB virtual team", ""),
        ("", ""),
    ],
)
def test_seniority_is_read_from_a_title(title: str, seniority: str) -> None:
    assert read_seniority(title) == seniority


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("CTO", {"engineering-leadership"}),
        ("Head of Infrastructure", {"it-operations"}),
        ("Cloud Engineer", {"devops-sre"}),
        ("Engineer", {"software-engineering"}),
        ("Co-founder and CTO", {"general-management", "engineering-leadership"}),
        ("Director, Architecture", {"technical-architecture"}),
        ("Vice President of Marketing", {"marketing-communications"}),
        ("Directors of Engineering", {"engineering-leadership"}),
        ("Manager, goFlux", set()),
        ("Maintenance Director", {"manufacturing-production"}),
        ("Production Head", {"manufacturing-production"}),
        ("VP Fulfilment", {"supply-chain-logistics"}),
        ("Group Procurement Supervisor", {"procurement-purchasing"}),
        ("Head of Planning", set()),
        ("Bridge Engineer", {"civil-engineering-surveying"}),
        ("Leiter Instandhaltung", {"manufacturing-production"}),
        ("Directrice des ressources humaines", {"human-resources"}),
        ("Jefe de compras", {"procurement-purchasing"}),
    ],
)
def test_roles_are_read_from_a_title(title: str, roles: set[str]) -> None:
    assert {VOCABULARY.get(tag).slug for tag in find_roles(title, NAMES)} == roles


@given(st.text(max_size=80))
def test_any_title_has_a_seniority_or_none_and_three_roles_at_most(title: str) -> None:
    assert read_seniority(title) in {"", *Seniority.values}
    assert len(find_roles(title, NAMES)) <= 3


def test_seniority_agrees_with_titles_labelled_by_others() -> None:
    levels = {
        "C-Suite": {"c_level"},
        "VP": {"vp", "c_level"},
        "Director": {"director", "c_level"},
        "Manager": {"manager"},
    }
    right, all_of = Counter[str](), Counter[str]()
    with find_data("taxonomy/job_titles_level_area_rootstrap.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["level"] in levels:
                all_of[row["level"]] += 1
                right[row["level"]] += read_seniority(row["title"]) in levels[row["level"]]
    assert all(right[level] / all_of[level] > 0.7 for level in levels)
    assert sum(right.values()) / sum(all_of.values()) > 0.88
