"""Who may do what: one table of roles and questions."""

from collections.abc import Callable

import pytest

from references import permissions
from references.models import Contact, Nomination
from tests.factories import make_contact, make_customer
from users.models import User

QUESTIONS: dict[str, tuple[Callable[[User, Contact], bool], set[str]]] = {
    "run the program": (lambda user, _: permissions.may_run_program(user), {"manager"}),
    "edit the customer": (lambda user, c: permissions.may_edit_customer(user, c.customer), {"manager", "rep"}),
    "edit the contact": (permissions.may_edit_contact, {"manager", "rep"}),
    "see contact data": (permissions.may_see_contact_data, {"manager", "rep"}),
    "log content": (lambda user, c: permissions.may_log_content(user, c.customer), {"manager", "rep", "marketer"}),
    "decide nominations": (
        lambda user, c: permissions.may_move_nomination(user, Nomination(contact=c, status="new")),
        {"manager"},
    ),
    "edit slots": (lambda user, _: permissions.may_edit_slots(user), {"manager", "marketer"}),
    "administer": (lambda user, _: permissions.may_administer(user), set()),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_role_may_what_the_table_says(
    question: str, rep: User, outsider: User, manager: User, marketer: User
) -> None:
    """`rep` owns the account, `outsider` is a salesperson of another."""
    contact = make_contact(make_customer(account_owner=rep))
    may, expected = QUESTIONS[question]
    cast = {"rep": rep, "outsider": outsider, "manager": manager, "marketer": marketer}
    assert {name for name, user in cast.items() if may(user, contact)} == expected
    for user in cast.values():
        user.is_active = False
        assert not may(user, contact)


def test_administrator_may_everything(db: None) -> None:
    administrator = User.objects.create_superuser("ada@example.test", "correct horse")
    assert all(may(administrator, make_contact()) for may, _ in QUESTIONS.values())
