"""An address that only takes a form says so on a page, to browsers alone."""

from django.test import Client

from tests.matching.factories import make_request
from tests.web.conftest import LogIn
from users.models import User


def test_address_of_a_button_is_a_page_that_says_so(rep: User, log_in: LogIn) -> None:
    address = f"/requests/{make_request(rep).pk}/comment/"
    client: Client = log_in(rep)
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 405
    assert "Nothing was done" in response.content.decode()
    assert client.get(address).content == b""
