"""What may be kept is told by content alone, and pictures keep nothing but their pixels."""

import io

import pytest
from django.conf import LazySettings
from PIL import Image

from references.errors import DomainError
from references.uploaded import Inspected, clean_name, inspect_upload
from tests.references.uploads import ODP_TYPE, PDF, archive, picture, slides, upload


def inspect(kind: str, name: str, content: bytes) -> Inspected:
    return inspect_upload(upload(name, content), kind)


@pytest.mark.parametrize(
    ("kind", "name", "content", "expected", "kept_as"),
    [
        ("pdf", "story.pdf", PDF, "application/pdf", "story.pdf"),
        ("pdf", "really.exe", PDF, "application/pdf", "really.pdf"),
        ("slides", "deck.pdf", PDF, "application/pdf", "deck.pdf"),
        ("slides", "deck", slides(), "presentationml.presentation", "deck.pptx"),
        ("slides", "d.odp", archive({"mimetype": ODP_TYPE.encode(), "content.xml": b"<o/>"}), ODP_TYPE, "d.odp"),
        ("picture", "a.jpeg", picture("JPEG"), "image/jpeg", "a.jpg"),
        ("picture", "a.webp", picture("WEBP"), "image/webp", "a.webp"),
        ("picture", "a.gif", picture("GIF"), "image/png", "a.png"),
        ("logo", "a.jpg", picture("JPEG"), "image/png", "a.png"),
        ("evidence", "mail.eml", "From: Nora\n\nJa, gern – für das Web.".encode(), "text/plain", "mail.txt"),
        ("evidence", "scan.pdf", PDF, "application/pdf", "scan.pdf"),
        ("evidence", "scan.png", picture(), "image/png", "scan.png"),
    ],
)
def test_a_file_is_what_its_content_says(kind: str, name: str, content: bytes, expected: str, kept_as: str) -> None:
    found = inspect(kind, name, content)
    assert expected in found.content_type
    assert found.name == kept_as


@pytest.mark.parametrize(
    ("kind", "content", "code", "words"),
    [
        ("pdf", b"", "empty", "empty"),
        ("pdf", picture(), "wrong_type", "a .png file"),
        ("pdf", b"MZ\x90\x00 %PDF-1.7 startxref %%EOF", "wrong_type", "not a PDF"),
        ("pdf", PDF[:40], "broken_file", "its end is missing"),
        ("slides", slides(macros=True), "has_macros", "macros"),
        ("slides", slides(parts={"ppt/activeX/activeX1.xml": b"<x/>"}), "has_macros", "controls"),
        ("slides", slides(parts={"[Content_Types].xml": b"application/macroEnabled"}), "has_macros", "macros"),
        ("slides", archive({"word/document.xml": b"<w/>"}), "wrong_type", "no set of slides"),
        ("slides", slides()[:-30], "wrong_type", "PowerPoint"),
        ("picture", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "wrong_type", "SVG"),
        ("picture", PDF, "wrong_type", "not a picture"),
        ("picture", picture()[:60], "broken_file", "damaged"),
        ("evidence", b"<html><script>alert(1)</script></html>", "wrong_type", "plain text"),
        ("evidence", b"\x00\x01\x02", "wrong_type", "plain text"),
    ],
)
def test_what_pretends_is_refused_and_told_what_would_be_right(
    kind: str, content: bytes, code: str, words: str
) -> None:
    with pytest.raises(DomainError) as refused:
        inspect(kind, "nice.pdf", content)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert words in refused.value.message


def test_a_file_that_is_too_large_is_refused(settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 60
    with pytest.raises(DomainError, match="larger than") as refused:
        inspect("pdf", "a.pdf", PDF)
    assert refused.value.code == "too_large"


def test_slides_that_grow_beyond_measure_are_refused(settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 10_000
    bomb = slides(parts={"ppt/media/a.bin": b"\0" * 1_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(DomainError) as refused:
        inspect("slides", "a.pptx", bomb)
    assert refused.value.code == "too_large"


def test_slides_that_broke_on_their_way_are_refused_in_words() -> None:
    content = slides(parts={"ppt/slides/slide1.xml": bytes(range(256)) * 8})
    start = content.index(b"slide1.xml") + len("slide1.xml")
    broken = content[:start] + b"\xff" * 20 + content[start + 20 :]
    with pytest.raises(DomainError) as refused:
        inspect("slides", "deck.pptx", broken)
    assert refused.value.code == "broken_file"


def test_a_picture_of_too_many_pixels_is_refused_unread(settings: LazySettings) -> None:
    settings.UPLOAD_MAX_PIXELS = 100
    with pytest.raises(DomainError) as refused:
        inspect("picture", "a.png", picture(size=(11, 10)))
    assert refused.value.code == "too_many_pixels"


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_keeps_its_pixels_and_nothing_else(form: str) -> None:
    given = picture(form)
    assert b"Nora" in given
    found = inspect("picture", "a", given)
    assert b"Nora" not in found.content
    with Image.open(io.BytesIO(found.content)) as kept:
        assert kept.size == (40, 20) == (found.width, found.height)
        assert not dict(kept.getexif())
        assert {"exif", "comment", "Author", "icc_profile"}.isdisjoint(kept.info)


def test_what_is_hung_on_to_a_picture_is_gone() -> None:
    found = inspect("picture", "a.png", picture() + b"<script>alert(1)</script>")
    assert b"<script>" not in found.content


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\nora\\Story 2.PDF", "Story 2.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("....", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ("Über uns.pdf", "Über uns.pdf"),
    ],
)
def test_names_are_cleaned(given: str, expected: str) -> None:
    assert clean_name(given, "application/pdf") == expected
