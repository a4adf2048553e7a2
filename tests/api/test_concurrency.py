"""Entity tags: which headers name the version of a row, and what is said of those that do not."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.v1.concurrency import PreconditionRequired, etag_of, expected_version, is_known
from references.errors import DomainError


@dataclass
class Row:
    pk: int = 12
    version: int = 7


def call(**headers: str) -> Request:
    return Request(APIRequestFactory().get("/", headers=headers))


@pytest.mark.parametrize("given_tags", ['"12-7"', '"12-6", "12-7"', 'W/"12-7", "12-7"', ' "12-7" '])
def test_tag_of_the_row_is_its_version(given_tags: str) -> None:
    assert expected_version(call(**{"If-Match": given_tags}), Row()) == 7


@pytest.mark.parametrize("given_tags", ["", '"12-6"', 'W/"12-7"', '"2-7"', "12-7", '"12-7', '"12-77"'])
def test_any_other_tag_is_of_a_version_that_is_gone(given_tags: str) -> None:
    with pytest.raises(DomainError) as caught:
        expected_version(call(**{"If-Match": given_tags}), Row(), required=True)
    assert caught.value.code == "changed_meanwhile"


def test_no_tag_is_any_version_unless_one_is_required() -> None:
    assert expected_version(call(), Row()) is None
    assert expected_version(call(**{"If-Match": "*"}), Row(), required=True) is None
    with pytest.raises(PreconditionRequired) as caught:
        expected_version(call(), Row(), required=True)
    assert caught.value.status_code == 428


@pytest.mark.parametrize(
    ("given_tags", "known"),
    [("", False), ('"12-7"', True), ('W/"12-7"', True), ('"x", "12-7"', True), ('"12-6"', False), ("*", True)],
)
def test_what_is_held_is_known_however_weak(given_tags: str, known: bool) -> None:
    assert is_known(call(**{"If-None-Match": given_tags}), Row()) is known


@given(pk=st.integers(1), version=st.integers(1), other=st.integers(1))
def test_tag_names_one_version_of_one_row(pk: int, version: int, other: int) -> None:
    headers = {"If-Match": etag_of(Row(pk, version))}
    assert expected_version(call(**headers), Row(pk, version)) == version
    if (other, version) != (pk, version):
        with pytest.raises(DomainError):
            expected_version(call(**headers), Row(other, version))
