"""Files to upload: good ones of every kind, made here, and ones that only pretend."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
ODP_TYPE = "application/vnd.oasis.opendocument.presentation"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """What a form gives."""
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    """A picture in one color; a PNG with words hidden in it, a JPEG with the place where it was taken."""
    target = io.BytesIO()
    image = Image.new(mode, size, "teal")
    if form == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", "Nora Lindqvist")
        image.save(target, form, pnginfo=words)
    elif form == "JPEG":
        exif = Image.Exif()
        exif[0x010F] = "Nora's phone"
        image.save(target, form, exif=exif, comment=b"Nora Lindqvist")
    else:
        image.save(target, form)
    return target.getvalue()


def slides(*, macros: bool = False, parts: dict[str, bytes] | None = None) -> bytes:
    """PowerPoint slides by their parts."""
    given = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>", **(parts or {})}
    if macros:
        given["ppt/vbaProject.bin"] = b"Sub Auto_Open()"
    return archive(given)


def archive(parts: dict[str, bytes]) -> bytes:
    """A ZIP file of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name, content)
    return target.getvalue()
