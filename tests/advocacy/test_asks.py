"""The asks of the ladder: their rung, sites and disclosure; and the starter, which leaves alone what is there."""

from io import StringIO

import pytest
from django.core.management import call_command

from advocacy.models import AdvocacySettings, Ask, Badge, Level, PlayTemplate, PointsRule, ReviewSite
from advocacy.services.asks import AskData, save_ask, save_site
from advocacy.services.assignments import assign_ask
from advocacy.services.starting import load_starter
from references.errors import DomainError
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


def data(**fields: object) -> AskData:
    return {"name": "Quote us", "activity": "quote", "text": "A sentence?", **fields}  # type: ignore[typeddict-item]


def code_of(**fields: object) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as error:
        save_ask(data=data(**fields))
    return error.value.code, error.value.field


def test_rung_is_the_activity_s_own_unless_given() -> None:
    assert save_ask(data=data()).rung == 2
    assert save_ask(data=data(name="Quote us high", rung=4)).rung == 4
    moved = save_ask(data={"activity": "review"}, ask=save_ask(data=data(name="Third")))
    assert moved.rung == 3


def test_review_that_earns_points_is_disclosed() -> None:
    assert code_of(activity="review", points=10) == ("disclosure_required", "disclosure")
    AdvocacySettings.objects.create(pk=1, review_disclosure="I got points.")
    assert save_ask(data=data(activity="review", points=10)).disclosure == "I got points."


def test_what_makes_no_sense_is_refused() -> None:
    site = save_site(data={"name": "Ratewell", "url": "https://ratewell.example/us"})
    assert code_of(activity="survey", points=10) == ("points_for_survey", "points")
    assert code_of(review_site=site) == ("site_for_review_only", "review_site")
    assert code_of(name="") == ("blank", "name")


def test_activity_stays_once_somebody_was_asked() -> None:
    ask = save_ask(data=data())
    assign_ask(contact=make_contact(), ask=ask, creation_key="k")
    with pytest.raises(DomainError) as error:
        save_ask(data={"activity": "logo"}, ask=ask)
    assert error.value.code == "activity_is_fixed"
    assert save_ask(data={"points": 30}, ask=ask).points == 30
    assert ask.assignments.get().points == 0  # as promised


def test_starter_has_an_ask_on_every_rung_and_can_be_loaded_again() -> None:
    assert load_starter() > 40
    assert set(Ask.objects.values_list("rung", flat=True)) == set(range(9))
    assert not ReviewSite.objects.filter(is_active=True).exists()
    assert not Ask.objects.filter(activity="survey", points__gt=0).exists()
    assert not Ask.objects.filter(activity="review", disclosure="").exists()
    counts = [model.objects.count() for model in (PointsRule, Level, Badge, PlayTemplate)]
    assert all(counts)
    Ask.objects.filter(rung=8).update(name="Our own name")
    PointsRule.objects.filter(activity="call").update(points=7)
    out = StringIO()
    call_command("load_advocacy", stdout=out)
    assert "already" in out.getvalue()
    assert PointsRule.objects.get(activity="call").points == 7
    for ask in Ask.objects.all():
        ask.full_clean()
