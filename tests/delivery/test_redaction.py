"""Contact data never survives redaction; other figures do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.redaction import redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Key (email)=(kim@example.test) exists", "Key (email)=([address]) exists"),
        ("{'username': 'Kim.O+x@mail.example.co.uk'}", "{'username': '[address]'}"),
        ('to "kim@example.test", cc <lee@example.test>', 'to "[address]", cc <[address]>'),
        ("call +49 151 2345-6789 now", "call [number] now"),
        ("call (030) 1234567", "call [number]"),
        ("call 0049301234567", "call [number]"),
        ("job 123456789 took 1795327818.02 s on 2026-11-22", "job 123456789 took 1795327818.02 s on 2026-11-22"),
        ("@property at x@y", "@property at x@y"),
        ("from 10.0.0.1:8000", "from 10.0.0.1:8000"),
    ],
)
def test_redact_blots_out_contact_data_only(text: str, expected: str) -> None:
    assert redact(text) == expected


@settings(max_examples=30)
@given(before=st.text(), after=st.text(), address=st.emails())
def test_redact_leaves_no_address_behind(before: str, after: str, address: str) -> None:
    assert address not in redact(f"{before} {address} {after}")


@settings(max_examples=30)
@given(st.text())
def test_redact_twice_is_redact_once(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_token_of_a_signed_link_is_blotted_out() -> None:
    token = "0123456789abcdef0123456789abcdef-" + "aB3_-" * 8 + "xyz"
    assert redact(f"Forbidden: /p/{token}/accept/") == "Forbidden: /p/[link]/accept/"
    assert redact("a commit 0123456789abcdef0123456789abcdef") == "a commit 0123456789abcdef0123456789abcdef"
