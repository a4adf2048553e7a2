"""Lists of people from a file: known ones found, new ones made known, everybody else told by row."""

from pathlib import Path

import pytest

from references.enums import ContactStatus
from references.errors import DomainError
from references.models import Contact
from references.services.own_page import opt_out
from surveys.enums import InvitationStatus
from surveys.models import Campaign, Invitation
from surveys.services.audience import find_audience
from surveys.services.campaigns import close_campaign
from surveys.services.listing import clear_list, list_people
from tests.factories import make_customer
from tests.surveys.factories import make_campaign, make_known
from users.models import User

pytestmark = pytest.mark.django_db
TEXT = """Company,Name,Email,CRM id
Fjordbank,Nora Lindqvist,,
,,OLAF@fjordbank.example,
,,,C-7
Kraftwerk,Ines Neu,ines@kraftwerk.example,
,,not an address,
,,,
,Lone Name,,
,,nobody@nowhere.example,
Fjordbank,Gone Person,gone@fjordbank.example,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def campaign(db: None) -> Campaign:
    bank = make_customer("Fjordbank")
    make_known("Nora Lindqvist", customer=bank)
    make_known("Olaf Other", customer=bank, email="olaf@fjordbank.example")
    make_known("Third Person", customer=bank, external_id="C-7", email="third@fjordbank.example")
    opt_out(contact=make_known("Gone Person", customer=bank, email="gone@fjordbank.example"))
    return make_campaign(audience="", status="draft")


def test_a_list_says_of_every_row_what_came_of_it(campaign: Campaign, file: Path, manager: User) -> None:
    report = list_people(campaign=campaign, path=file, by=manager)
    assert report.refusal is None
    assert (report.rows, report.listed, report.made) == (8, 4, 1)
    assert [(each.line, each.problem) for each in report.problems] == [
        (6, "is no e-mail address"),
        (8, "names nobody"),
        (9, "is nobody we know"),
        (10, "has left, opted out, or is known elsewhere"),
    ]
    new = Contact.objects.get(name="Ines Neu")
    assert (new.status, new.customer.name) == (ContactStatus.KNOWN, "Kraftwerk")
    assert Invitation.objects.filter(status=InvitationStatus.WAITING).count() == 4
    assert len(find_audience(campaign).mailed) == 4
    again = list_people(campaign=campaign, path=file, by=manager)
    assert (again.listed, again.there, again.made) == (0, 4, 0)
    assert clear_list(campaign=campaign, by=manager) == 4


def test_trying_out_writes_nothing(campaign: Campaign, file: Path, manager: User) -> None:
    report = list_people(campaign=campaign, path=file, by=manager, dry_run=True)
    assert (report.listed, report.made) == (4, 1)
    assert not Invitation.objects.exists()
    assert not Contact.objects.filter(name="Ines Neu").exists()


def test_marketers_make_nobody_known(campaign: Campaign, file: Path, marketer: User, rep: User) -> None:
    report = list_people(campaign=campaign, path=file, by=marketer)
    assert (report.listed, report.made) == (3, 0)
    assert "managers alone add people" in report.problems[0 if report.problems[0].line == 5 else 1].expected
    with pytest.raises(DomainError, match="managers and marketers"):
        list_people(campaign=campaign, path=file, by=rep)


@pytest.mark.parametrize(
    ("text", "code"),
    [("Score,Why\n9,Fine\n", "no_person"), ("Name\nNora\n", "no_person"), ("", "empty")],
)
def test_a_file_without_people_is_refused(
    campaign: Campaign, tmp_path: Path, manager: User, text: str, code: str
) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    report = list_people(campaign=campaign, path=path, by=manager)
    assert report.refusal is not None
    assert report.refusal.code == code


def test_a_closed_survey_takes_no_list(campaign: Campaign, file: Path, manager: User) -> None:
    close_campaign(campaign=campaign, by=manager)
    with pytest.raises(DomainError, match="closed"):
        list_people(campaign=campaign, path=file, by=manager)
    with pytest.raises(DomainError, match="begun"):
        clear_list(campaign=campaign, by=manager)
