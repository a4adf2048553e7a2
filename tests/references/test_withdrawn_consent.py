"""A person's own "no more" outweighs what their whole customer allows, at every place where consent is read."""

from django.utils import timezone

from matching.search import search_references
from references.models import Consent, Contact, Testimonial
from references.pool.writing import pool_write
from references.rights import Use, rights_of, usable_speakers, usable_testimonials
from references.services.consents import revoke_consent
from tests.factories import make_consent, make_contact, make_customer, make_tag, make_testimonial
from users.models import User


def speakers() -> set[int]:
    found = usable_speakers(Contact.objects.all(), "speaking", Use(on=timezone.localdate()))
    return set(found.values_list("pk", flat=True))


def found_for(user: User, activity: str) -> tuple[set[int], set[str]]:
    result = search_references(user=user, text="Banking", activity=activity)
    refused = {refusal.code for each in result.excluded for refusal in each.refusals}
    return {each.card.contact_id for each in result.candidates}, refused


def test_own_revocation_outweighs_the_customers_consent(manager: User) -> None:
    bank = make_tag("industry", "Banking")
    leaver, stayer = (make_contact(make_customer(tags=[bank])) for _ in range(2))
    for contact in (leaver, stayer):
        make_consent(contact.customer, "speaking")
        make_consent(contact, "speaking")
    assert speakers() == {leaver.pk, stayer.pk}

    with pool_write():
        revoke_consent(consent=Consent.objects.get(contact=leaver), by=manager, why="asked us to stop")

    assert speakers() == {stayer.pk}
    assert found_for(manager, "speaking")[0] == {stayer.pk}


def test_consent_given_again_counts_again(manager: User) -> None:
    contact = make_contact()
    make_consent(contact.customer, "speaking")
    make_consent(contact, "speaking", revoked_at=timezone.now())
    assert speakers() == set()
    make_consent(contact, "speaking")
    assert speakers() == {contact.pk}
    row = usable_speakers(Contact.objects.all(), "speaking", Use(on=timezone.localdate())).get()
    assert len(rights_of(row, "speaking")) == 1, "the customer's consent stays outweighed"


def test_quote_of_who_revoked_is_gone_while_others_stay(manager: User) -> None:
    leaver = make_contact()
    make_consent(leaver.customer, "quote")
    stayer = make_contact(leaver.customer)
    theirs = make_testimonial(leaver, text="It works."), make_testimonial(stayer, text="It works well.")
    make_consent(leaver, "quote", revoked_at=timezone.now())

    usable = usable_testimonials(Testimonial.objects.all(), Use(on=timezone.localdate()))

    assert set(usable.values_list("pk", flat=True)) == {theirs[1].pk}
    shown = search_references(user=manager, text="works").content
    assert {hit.content_id for hit in shown} <= {theirs[1].pk}
