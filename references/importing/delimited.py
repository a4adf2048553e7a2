"""Delimited text: finds the encoding and the delimiter of a file and streams its records with their line numbers."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import multimode
from typing import TextIO

from charset_normalizer import from_bytes

from references.importing.errors import ImportRefusedError
from references.importing.letters import judge_letters

Record = tuple[int, list[str]]

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_RECORDS = 60
_SAMPLE_CHARS = 65_536
_CHUNK = 1 << 20
_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SEPARATOR_LINE = re.compile(r'^\ufeff?"?sep=(.)"?\r?\n?$', re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_MARKUP = re.compile(r"^\s*(<!doctype|<html|<table|<head|<meta|<\?xml)", re.IGNORECASE)
_JSON = re.compile(r'^\s*(\{\s*["}\n]|\[\s*[\[{"])')
_QUOTED_SINGLY = re.compile(r"^('[^'\r\n]*')([,;|\t])'[^'\r\n]*'(?:\2'[^'\r\n]*')*\r?$")
_NOT_TEXT = "This is not a table of text: it holds characters that no CSV file has."
_SAVE_AS = "Open it in the program it came from and save it as .xlsx or as CSV (UTF-8)."
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# Of those that read a file equally well, the first.
LEGACY = ("cp1252", "latin-1", "iso8859_15", "cp1254", "cp1250", "iso8859_2", "mac_roman", "cp850")
_BEYOND_WESTERN = [
    "cp1251", "koi8_r", "cp1253", "iso8859_7", "cp1254", "cp1255", "iso8859_8", "cp1256", "cp1257", "iso8859_2",
    "cp1250", "cp1258", "cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp866",
]  # fmt: skip


def detect_encoding(path: Path) -> str:
    """Give the codec that decodes all of `path`, read in chunks; refuses binary content and broken Unicode."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE_CHARS)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            _require_decodable(path, encoding)
            return encoding
    if b"\0" in head:
        encoding = _guess_wide(head)
        _require_decodable(path, encoding)
        return encoding
    if _decodes(path, "utf-8"):
        return "utf-8"
    _refuse_ebcdic(head)
    return _guess_legacy(path, head)


def read_sample(path: Path, encoding: str) -> tuple[str, bool]:
    """Give the first 65,536 characters of `path`, and whether that is all of it; refuses what is no table."""
    with path.open(encoding=encoding, newline="") as file:
        text = file.read(_SAMPLE_CHARS)
        is_whole = file.read(1) == ""
    text = text.removeprefix("\ufeff")
    if len(_CONTROL.findall(text)) > len(text) * 0.02:
        raise ImportRefusedError("binary", _NOT_TEXT, _SAVE_AS)
    if _MARKUP.match(text):
        raise ImportRefusedError("markup", "This is a web page or XML, whatever its name says.", _SAVE_AS)
    if text.startswith("{\\rtf"):
        raise ImportRefusedError("not_a_table", "This is a rich text document, not a table.", _SAVE_AS)
    if text[:11].upper() == "BEGIN:VCARD":
        message = "These are address cards (vCard), not a table."
        raise ImportRefusedError("not_a_table", message, "Export the contacts as CSV.")
    if _JSON.match(text):
        raise ImportRefusedError("json", "This is JSON, not a table.", "Convert it to CSV with one row per customer.")
    return text, is_whole


def sample_records(text: str, is_whole: bool, delimiter: str) -> list[Record]:
    """Give up to 60 records that are not blank from the start of a file, without the last one if it may be cut off.

    Stops before a record whose quotes never close, unless it is the first, which is refused.
    """
    found: list[Record] = []
    cut = False
    try:
        for line, cells in _parse(io.StringIO(text, newline=""), delimiter, find_quote(text)):
            if any(cells):
                found.append((line, cells))
            if len(found) == SAMPLE_RECORDS:
                cut = True
                break
    except ImportRefusedError:
        if not found:
            raise
        cut = True
    if not is_whole and not cut and len(found) > 1:
        found.pop()
    return found


def detect_delimiter(text: str, is_whole: bool, count_known: Callable[[list[str]], int]) -> str:
    """Choose among comma, semicolon, tab and bar: most known headings first, then the steadiest and widest table.

    `count_known` says how many different known headings a row holds.
    """
    declared = _SEPARATOR_LINE.match(text.split("\n", 1)[0].rstrip("\r"))
    if declared:
        return declared.group(1)

    def merit(delimiter: str) -> tuple[int, float]:
        try:
            records = sample_records(text, is_whole, delimiter)
        except ImportRefusedError:
            return 0, 0.0
        widths = [len(cells) for _, cells in records]
        usual = max(multimode(widths), default=1)
        known = max((count_known(cells) for _, cells in records), default=0)
        if usual < 2:
            return known, 0.0
        return known, widths.count(usual) / len(widths) * min(usual, 8) ** 0.5

    return max(DELIMITERS, key=merit)


def read_records(path: Path, encoding: str, delimiter: str, quote: str = '"') -> Iterator[Record]:
    """Stream (line where the record begins, cells) of `path`, blank records included, in constant memory."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from _parse(file, delimiter, quote)
    except UnicodeError as error:
        message = f"The file is not {encoding} all through."
        raise ImportRefusedError("bad_encoding", message, "Save it again as CSV (UTF-8).") from error


class _Lines:
    """Passes lines on and remembers whether the reader has asked for one past the end."""

    def __init__(self, file: TextIO) -> None:
        self._lines = iter(file)
        self._is_first = True
        self.ran_out = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ran_out = True
            raise StopIteration
        if self._is_first:
            self._is_first = False
            line = "\n" if _SEPARATOR_LINE.match(line) else line.removeprefix("\ufeff")
        return line


def find_quote(text: str) -> str:
    """Give the mark around the cells of a text: an apostrophe where all headings stand in apostrophes."""
    return "'" if _QUOTED_SINGLY.match(text.lstrip("\r\n").split("\n", 1)[0].split("\r", 1)[0]) else '"'


def _parse(file: TextIO, delimiter: str, quote: str) -> Iterator[Record]:
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=True, strict=True)
    end = 0
    while True:
        start = end + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _broken_record(start, str(error), quote) from error
        if cells is None:
            return
        if lines.ran_out:  # the reader wanted more to finish this record: a quote is still open
            raise _broken_record(start, "end", quote)
        end = reader.line_num
        yield start, cells


def _broken_record(line: int, reason: str, quote: str) -> ImportRefusedError:
    where = f"The record that begins in line {line}"
    close = f"Close it, or write quotation marks inside a cell twice ({quote}{quote}), and import again."
    if "limit" in reason:
        message = f"{where} has a cell of more than {csv.field_size_limit():,} characters"
        perhaps = f"; perhaps it opens a quotation mark ({quote}) and never closes it."
        return ImportRefusedError("cell_too_long", message + perhaps, close + " A cell as long as that is not read.")
    if "expected after" in reason:
        message = f"{where} has a quotation mark ({quote}) inside a cell that stands in quotation marks."
        hint = f"Write quotation marks inside a cell twice ({quote}{quote}), and import again."
        return ImportRefusedError("broken_quotes", message, hint)
    return ImportRefusedError("broken_quotes", f"{where} opens a quotation mark ({quote}) and never closes it.", close)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    raise ImportRefusedError("binary", _NOT_TEXT, _SAVE_AS)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _require_decodable(path: Path, encoding: str) -> None:
    if not _decodes(path, encoding):
        name = encoding.removesuffix("-sig").upper()
        message = f"The file says it is {name}, but parts of it are not."
        raise ImportRefusedError("bad_encoding", message, "It may be cut off. Save it again as CSV (UTF-8).")


def _guess_wide(head: bytes) -> str:
    """UTF-32 or UTF-16 without its mark: whichever makes printable lines of it with most ASCII, or else binary."""
    found = {encoding: share for encoding in _WIDE if (share := _plain_share(head, encoding)) > 0.02}
    if not found:
        raise ImportRefusedError("binary", _NOT_TEXT, _SAVE_AS)
    return max(found, key=lambda encoding: found[encoding])


def _plain_share(head: bytes, encoding: str) -> float:
    """How much of the text is ASCII if `head` is read so; 0 where it makes no printable lines."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeError:
        return 0.0
    lines = text.replace("\r", "\n").replace("\t", " ")
    strange = sum(not (char.isprintable() or char == "\n") for char in lines)
    if "\0" in text or "\n" not in lines or strange > len(text) * 0.02:
        return 0.0
    return sum(map(str.isascii, text)) / len(text)


def _guess_legacy(path: Path, head: bytes) -> str:
    """European single bytes unless most letters are beyond ASCII, where charset-normalizer is asked."""
    beyond = len(head.translate(None, bytes(range(128))))
    letters = beyond + sum(chr(byte).isalpha() for byte in head if byte < 128)
    if letters and beyond / letters > 0.3:
        best = from_bytes(head[:16_384], cp_isolation=_BEYOND_WESTERN).best()
        if best is not None and _decodes(path, best.encoding):
            return best.encoding
    _refuse_mixture(path)
    able = [encoding for encoding in LEGACY if _decodes(path, encoding)]
    return max(able, key=lambda encoding: judge_letters(head.decode(encoding, errors="replace"), encoding))


def _refuse_ebcdic(head: bytes) -> None:
    """Refuse what only a mainframe reads: text of letters and spaces once it is taken for EBCDIC, and none before."""
    text = head.decode("cp037")
    plain = sum(char.isascii() and (char.isalnum() or char in ' ,;.@\n\r\x85-"') for char in text)
    if plain > 0.9 * len(text) and b" " not in head and b"," not in head:
        message = "The file is written in EBCDIC, as mainframes do."
        raise ImportRefusedError("bad_encoding", message, "Have it converted to UTF-8.")


def _refuse_mixture(path: Path) -> None:
    """Refuse a file of which some lines are UTF-8 and others are not: whoever put it together mixed two encodings."""
    has_unicode, odd = False, 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.isascii():
                continue
            if _is_utf8(line):
                has_unicode = True
            else:
                odd = odd or number
            if has_unicode and odd:
                message = f"Some lines of the file are UTF-8, but line {odd} is not."
                hint = "It was put together from two encodings. Mend that line, or save all of it as CSV (UTF-8)."
                raise ImportRefusedError("bad_encoding", message, hint)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeError:
        return False
    return True
