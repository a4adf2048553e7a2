"""Looks into uploaded files: what one is by its content, never by its name, and whether it may be kept.

Pictures are encoded anew, so that nothing of what came is kept but its pixels: no place, no name, no hidden data.
"""

import hashlib
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import puremagic
from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from references.enums import FileKind
from references.errors import DomainError

PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODP = "application/vnd.oasis.opendocument.presentation"
ENDINGS = {
    PDF: ".pdf", PPTX: ".pptx", ODP: ".odp", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp",
    "text/plain; charset=utf-8": ".txt",
}  # fmt: skip
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/png"}
_MOST_PARTS = 10_000
_MOST_UNPACKED = 20
_NAME_LENGTH = 80
_DAMAGED_SLIDES = "These slides are damaged. Save them anew and upload them again."


class Upload(Protocol):
    """What Django's upload handlers give."""

    name: str | None

    def read(self, num_bytes: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept: what it is, under a clean name, as it is to be kept; pictures with their size."""

    kind: str
    name: str
    content_type: str
    content: bytes
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def inspect_upload(upload: Upload, kind: str) -> Inspected:
    """Read an upload that is said to be of `kind` (see `FileKind`) and give it as it may be kept.

    Raises DomainError for the field "file": empty, too_large, wrong_type, has_macros, broken_file, too_many_pixels.
    """
    limit = int(settings.UPLOAD_MAX_BYTES)
    content = upload.read(limit + 1)
    if not content:
        raise _refuse("empty", "The file is empty.")
    if len(content) > limit:
        raise _refuse("too_large", f"The file is larger than {limit // 1024**2} MB.")
    content_type, kept, size = _INSPECTORS[FileKind(kind)](content)
    name = clean_name(upload.name or "", content_type)
    return Inspected(kind, name, content_type, kept, *size)


def clean_name(name: str, content_type: str) -> str:
    """The last part of a name in letters, digits, spaces, dashes and dots, with the ending of what the file is."""
    base = re.sub(r"[^-\w. ]", "", re.split(r"[/\\]", name)[-1])
    stem = re.sub(r"\.\w{1,5}$", "", base).strip(". ")[:_NAME_LENGTH].strip(". ")
    return (stem or "file") + ENDINGS[content_type]


Size = tuple[()] | tuple[int, int]
Found = tuple[str, bytes, Size]


def _pdf(content: bytes) -> Found:
    if not content.startswith(b"%PDF-"):
        raise _wrong(content, "a PDF")
    tail = content[-2048:]
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise _refuse("broken_file", "This PDF is cut off: its end is missing. Save it anew and upload it again.")
    return PDF, content, ()


def _slides(content: bytes) -> Found:
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _presentation(archive), content, ()
    except zlib.error as error:
        raise _refuse("broken_file", _DAMAGED_SLIDES) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _wrong(content, "slides as PowerPoint (.pptx), OpenDocument (.odp) or PDF") from error


def _presentation(archive: zipfile.ZipFile) -> str:
    """Which kind of slides a ZIP file holds, none of whose parts runs or grows beyond measure."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED * int(settings.UPLOAD_MAX_BYTES):
        raise _refuse("too_large", "These slides grow too large when they are unpacked.")
    if any(part.flag_bits & 1 for part in parts):
        raise _refuse("broken_file", "These slides are locked by a password. Save them without one.")
    if any(_may_run(name) for name in names):
        raise _refuse("has_macros", "These slides hold macros or controls. Save them without, as .pptx or .odp.")
    if archive.testzip() is not None:
        raise _refuse("broken_file", _DAMAGED_SLIDES)
    if {"[Content_Types].xml", "ppt/presentation.xml"} <= names:
        if b"macroEnabled" in archive.read("[Content_Types].xml"):
            raise _refuse("has_macros", "These slides allow macros. Save them without, as .pptx.")
        return PPTX
    if "mimetype" in names and archive.read("mimetype").strip() == ODP.encode():
        return ODP
    raise _refuse("wrong_type", "This is no set of slides. Upload PowerPoint (.pptx), OpenDocument (.odp) or PDF.")


def _may_run(name: str) -> bool:
    lowered = name.lower()
    beginnings = ("basic/", "scripts/", "ppt/activex/")
    return lowered.endswith("vbaproject.bin") or lowered.startswith(beginnings)


def _picture(content: bytes) -> Found:
    return _encode(content, keep_format=True)


def _logo(content: bytes) -> Found:
    return _encode(content, keep_format=False)


def _evidence(content: bytes) -> Found:
    """A PDF, a picture of a page, or the plain text of a mail."""
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if b"\x00" not in content and not _looks_like_markup(content):
        try:
            content.decode()
        except UnicodeDecodeError:
            pass
        else:
            return "text/plain; charset=utf-8", content, ()
    return _encode(content, keep_format=True, wanted="a PDF, a picture, or plain text")


def _looks_like_markup(content: bytes) -> bool:
    return content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _encode(content: bytes, *, keep_format: bool, wanted: str = "a picture as PNG, JPEG, WebP or GIF") -> Found:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(_PICTURES)) as probe:
                found = str(probe.format)
                _require_size(probe)
                probe.verify()
            with Image.open(io.BytesIO(content), formats=(found,)) as picture:
                clean = _only_pixels(ImageOps.exif_transpose(picture))
    except UnidentifiedImageError as error:
        raise _wrong(content, wanted) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _refuse("broken_file", "This picture is damaged. Save it anew and upload it again.") from error
    content_type = _PICTURES[found] if keep_format else "image/png"
    return content_type, _write(clean, content_type), clean.size


def _require_size(picture: Image.Image) -> None:
    if picture.width * picture.height > int(settings.UPLOAD_MAX_PIXELS):
        raise _too_many_pixels()


def _only_pixels(picture: Image.Image) -> Image.Image:
    """A new picture of the same pixels, the first of a moving one, without anything that came with it."""
    has_alpha = picture.has_transparency_data
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _write(picture: Image.Image, content_type: str) -> bytes:
    target = io.BytesIO()
    if content_type == "image/jpeg":
        picture.convert("RGB").save(target, "JPEG", quality=88, optimize=True)
    elif content_type == "image/webp":
        picture.save(target, "WEBP", quality=88)
    else:
        picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def _too_many_pixels() -> DomainError:
    millions = int(settings.UPLOAD_MAX_PIXELS) // 1_000_000
    return _refuse("too_many_pixels", f"The picture has more than {millions} million pixels. Make it smaller.")


def _wrong(content: bytes, wanted: str) -> DomainError:
    found = _name_type(content)
    looks = f"This looks like {found}, " if found else "This is "
    return _refuse("wrong_type", f"{looks}not {wanted}. Upload {wanted}.")


def _name_type(content: bytes) -> str:
    """What a file seems to be, for the one who uploaded it: "a .exe file"; "" where nobody can tell."""
    if b"<svg" in content[:2048].lower():
        return "an SVG drawing, which may carry programs"
    try:
        found = puremagic.magic_string(content[:65_536])
    except puremagic.PureError:
        return ""
    endings = [each.extension for each in found if each.extension]
    return f"a {endings[0]} file" if endings else ""


def _refuse(code: str, message: str) -> DomainError:
    return DomainError(code, message, "file")


_INSPECTORS: Mapping[FileKind, Callable[[bytes], Found]] = {
    FileKind.PDF: _pdf,
    FileKind.SLIDES: _slides,
    FileKind.PICTURE: _picture,
    FileKind.LOGO: _logo,
    FileKind.EVIDENCE: _evidence,
}
