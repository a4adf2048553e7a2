"""Gallery, speakers and saved searches on pages: what is found, with which rights, and under which names."""

from datetime import timedelta

from django.utils import timezone

from matching.models import SavedSearch
from references.models import Consent, Contact
from references.services.consents import revoke_consent
from tests.factories import make_consent, make_contact, make_customer, make_policy, make_tag, make_testimonial
from tests.web.conftest import LogIn, read_page
from users.models import User


def text_of(log_in: LogIn, user: User, address: str) -> str:
    response = log_in(user).get(address)
    assert response.status_code == 200
    return read_page(response.content.decode()).text


def test_gallery_tells_rights_as_badges(promoter: Contact, rep: User, log_in: LogIn) -> None:
    germany = make_tag("region", "Germany")
    until = timezone.localdate() + timedelta(days=400)
    other = make_contact(make_customer("Seabank"))
    for channel, region in (("web", germany), ("web", make_tag("region", "France")), ("print", None)):
        make_consent(other, "quote", channel=channel, region=region, valid_until=until, is_attributed=region is None)
    make_testimonial(other, "Said by Seabank")
    text = text_of(log_in, rep, "/stories/")
    assert f"Web · Germany, France · anonymous · until {until:%b %Y}" in text
    assert f"Print · until {until:%b %Y}" in text
    assert "Any channel" in text
    assert "Said by …" in text, "where any right is without names, nobody gets one"
    assert "Seabank" not in text


def test_gallery_narrows_by_channel_region_day_and_facet(promoter: Contact, marketer: User, log_in: LogIn) -> None:
    make_tag("region", "France")
    soon = timezone.localdate() + timedelta(days=10)
    other = make_contact(make_customer("Seabank"))
    make_consent(other, "quote", channel="web", region=make_tag("region", "Germany"), valid_until=soon)
    make_testimonial(other, "For the web in Germany")
    for query, is_found in {
        "": True,
        "?channel=web": True,
        "?channel=print": False,
        "?used_in=germany": True,
        "?used_in=france": False,
        f"?on={soon}": True,
        f"?on={soon + timedelta(days=1)}": False,
        "?industry=banking": False,
        "?kind=video": False,
        "?search=germany": True,
    }.items():
        text = text_of(log_in, marketer, f"/stories/{query}")
        assert ("For the web in Germany" in text) == is_found, query
    assert "There is no industry 'nope'." in text_of(log_in, marketer, "/stories/?industry=nope")


def test_what_is_revoked_leaves_the_gallery_at_once(promoter: Contact, manager: User, log_in: LogIn) -> None:
    assert "We closed in two days." in text_of(log_in, manager, "/stories/")
    revoke_consent(consent=Consent.objects.get(activity="quote"))
    text = text_of(log_in, manager, "/stories/")
    assert "We closed in two days." not in text
    assert "Nothing may be used yet" in text


def test_gallery_withholds_names_by_policy(promoter: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    make_policy({"show_customer_name": False})
    assert "Fjordbank" not in text_of(log_in, rep, "/stories/?noun=case_study")
    assert "Banking · Norway · 10,000+" in text_of(log_in, rep, "/stories/?noun=case_study")
    assert "Fjordbank" in text_of(log_in, manager, "/stories/?noun=case_study")


def test_copied_quote_says_whose_it_is(promoter: Contact, rep: User, log_in: LogIn) -> None:
    html = log_in(rep).get("/stories/").content.decode()
    copied = [each["data-copy"] for each in read_page(html).all("button") if "data-copy" in each]
    assert copied == ["“We closed in two days.” — Nora Lindqvist, CFO, Fjordbank"]


def test_facets_link_to_what_they_count(promoter: Contact, rep: User, log_in: LogIn) -> None:
    html = log_in(rep).get("/stories/?noun=case_study&channel=web").content.decode()
    links = [each["href"] for each in read_page(html).all("a")]
    assert "/stories/?noun=case_study&channel=web&industry=banking" in links
    chosen = log_in(rep).get("/stories/?noun=case_study&channel=web&industry=banking").content.decode()
    assert "/stories/?noun=case_study&channel=web" in [each["href"] for each in read_page(chosen).all("a")]
    part = log_in(rep).get("/stories/", headers={"HX-Request": "true", "HX-Target": "gallery"}).content.decode()
    assert "<html" not in part


def test_speakers_show_rights_rest_and_next_free_day(
    promoter: Contact, rep: User, marketer: User, log_in: LogIn
) -> None:
    text = text_of(log_in, rep, "/speakers/")
    assert "1 person" in text
    assert "Nora Lindqvist" not in text
    assert "Any channel" in text
    assert "Fresh" in text
    assert "Hold for an event" not in text
    assert "Nora Lindqvist" in text_of(log_in, marketer, "/speakers/")
    assert "Hold for an event" in text_of(log_in, marketer, "/speakers/")
    assert "Nobody has agreed to that" in text_of(log_in, rep, "/speakers/?activity=press")
    assert "Nobody has agreed to that" in text_of(log_in, rep, "/speakers/?available_on=2001-01-01")


def test_search_is_saved_followed_and_forgotten(promoter: Contact, rep: User, log_in: LogIn) -> None:
    client = log_in(rep)
    client.post("/searches/save/", {"name": "Banks", "noun": "testimonial", "query": "industry=banking", "mails": "on"})
    search = SavedSearch.objects.get(user=rep, mails=True)
    make_testimonial(promoter, "Another one")
    assert "1 new" in text_of(log_in, rep, "/searches/")
    looked = client.get(f"/searches/{search.pk}/look/")
    assert looked.headers["Location"] == "/stories/?industry=banking"
    assert "nothing new" in text_of(log_in, rep, "/searches/")
    client.post(f"/searches/{search.pk}/change/", {"name": "All banks"})
    assert SavedSearch.objects.get(name="All banks").mails is False
    SavedSearch.objects.update(query="industry=gone")
    assert "no longer valid" in text_of(log_in, rep, "/searches/")
    client.post(f"/searches/{search.pk}/change/", {"act": "delete"})
    assert not SavedSearch.objects.exists()
    client.post("/searches/save/", {"name": "", "noun": "testimonial", "query": ""})
    assert not SavedSearch.objects.exists()


def test_searches_of_others_are_not_found(promoter: Contact, rep: User, manager: User, log_in: LogIn) -> None:
    log_in(rep).post("/searches/save/", {"name": "Banks", "noun": "speaker", "query": ""})
    search = SavedSearch.objects.get()
    assert log_in(manager).get(f"/searches/{search.pk}/look/").status_code == 404
    assert log_in(manager).post(f"/searches/{search.pk}/change/", {"act": "delete"}).status_code == 404
    assert "Banks" not in text_of(log_in, manager, "/searches/")
