"""Two people who set a fresh installation up at the same moment: one becomes the administrator."""

import threading

import pytest
from django.db import connection

from users.models import User
from users.services import AlreadySetUpError, create_first_administrator


@pytest.mark.django_db(transaction=True)
def test_first_administrator_is_one_of_two_who_try_at_once() -> None:
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def visit(email: str) -> None:
        barrier.wait()
        try:
            create_first_administrator(email=email, password="correct horse")
            outcomes.append("made")
        except AlreadySetUpError:
            outcomes.append("refused")
        finally:
            connection.close()

    visitors = [threading.Thread(target=visit, args=(f"{name}@example.test",)) for name in ("ann", "ben")]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert User.objects.count() == 1
