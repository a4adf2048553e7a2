"""Opening tables: encodings, delimiters, headings below titles, workbooks, and files that are none."""

import codecs
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from references.importing import sheet_process
from references.importing.day_order import find_day_first
from references.importing.errors import ImportRefusedError
from references.importing.headings import guess_mapping, require_importable
from references.importing.readers import Footer, Table, name_columns, open_table
from references.importing.rows import read_rows
from references.importing.workbooks import _refusal

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(content: str | bytes, name: str = "pool.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


def book(path: Path, *sheets: Sequence[Sequence[object]], hidden: tuple[int, ...] = ()) -> Path:
    workbook = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for number, rows in enumerate(sheets):
        sheet = workbook.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if number in hidden:
            sheet.hide()
        else:
            sheet.activate()
            sheet.set_first_sheet()
    workbook.close()
    return path


def cells(table: Table) -> list[list[str]]:
    return [row for _, row in table.rows()]


def refusal(path: Path, **options: str) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as caught:
        list(open_table(path, **options).rows())
    assert caught.value.message
    return caught.value


TEXT = "customer,country\nCafé Zürich,España\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32-le"), "utf-32-le"),
        (TEXT.encode("utf-32-be"), "utf-32-be"),
        (TEXT.encode("latin-1"), "cp1252"),
        (TEXT.encode("mac_roman"), "mac_roman"),
        (TEXT.encode("cp850"), "cp850"),
    ],
)
def test_open_table_finds_the_encoding(write: Write, content: bytes, encoding: str) -> None:
    table = open_table(write(content))
    assert table.encoding == encoding
    assert table.headings == ("customer", "country")
    assert cells(table) == [["Café Zürich", "España"]]


def test_open_table_when_a_byte_is_in_latin_1_only(write: Write) -> None:
    table = open_table(write(b"customer,country\nCaf\xe9 \x81,ES\n"))
    assert table.encoding == "latin-1"


def test_open_table_when_the_odd_byte_comes_after_the_sample(write: Write) -> None:
    content = b"customer,country\n" + b"Acme,ES\n" * 20_000 + b"Caf\xe9,FR\n"
    table = open_table(write(content))
    assert table.encoding == "cp1252"
    assert cells(table)[-1] == ["Café", "FR"]


def test_open_table_of_cyrillic_single_bytes(write: Write) -> None:
    text = "customer,country\n" + "Российские железные дороги,Россия\nСбербанк России,Россия\n" * 20
    table = open_table(write(text.encode("cp1251")))
    assert cells(table)[1] == ["Сбербанк России", "Россия"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1250", "Żabka Łódź"),
        ("cp1251", "Российские железные дороги и Сбербанк России"),
        ("cp1253", "Εθνική Τράπεζα"),
        ("cp932", "株式会社山田"),
        ("gb18030", "中国移动通信集团有限公司北京分公司"),
        ("big5", "台灣積體電路"),
        ("cp949", "삼성전자"),
        ("utf-16-le", "株式会社山田" * 40),
    ],
)
def test_open_table_reads_names_of_other_alphabets(write: Write, encoding: str, name: str) -> None:
    table = open_table(write(f"customer,country\n{name},x\n{name} 2,y\n".encode(encoding)))
    assert [row[0] for row in cells(table)] == [name, f"{name} 2"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1254", "Ayşe Kaya"),
        ("cp1254", "Yıldırım Gıda, Işık Ağaoğlu"),
        ("cp1252", "Þórður hf, Sigþór Ægisson"),
        ("iso8859_15", "Sœurs & Cie, 1 200 €"),
        ("cp1252", "Sœurs & Cie, 1 200 €"),
        ("cp1250", "Dvořák s.r.o., Jiří Němec"),
        ("iso8859_2", "Łódź, Paweł Wąs"),
        ("cp1250", "Győző Szűcs, Nagyfügedű"),
        ("cp1252", "Müller, Hélène, João, Muñoz, Ørsted, Åke Öberg, Garçon"),
        ("mac_roman", "Müller, Hélène, João, Muñoz, Ørsted, Åke Öberg, Garçon"),
        ("cp1252", "€ 1,200"),
        ("iso8859_15", "€ 1,200"),
    ],
)
def test_open_table_tells_old_encodings_by_how_letters_stand_and_which_language_has_them(
    write: Write, encoding: str, name: str
) -> None:
    table = open_table(write(f'customer,contact\nAcme,"{name}"\n'.encode(encoding)))
    assert cells(table) == [["Acme", name]]


def test_open_table_warns_of_an_encoding_that_was_guessed(write: Write) -> None:
    assert "cp1252" in open_table(write(TEXT.encode("cp1252"))).warnings[0]
    assert open_table(write(TEXT)).warnings == ()
    assert open_table(write(TEXT.encode("cp1252")), encoding="cp1252").warnings == ()


def test_open_table_takes_apostrophes_around_all_headings_for_quotes(write: Write) -> None:
    table = open_table(write("'customer';'country'\n'Acme; Inc';'ES'\n'L''Or';'FR'\n"))
    assert (table.headings, cells(table)) == (("customer", "country"), [["Acme; Inc", "ES"], ["L'Or", "FR"]])


def test_rows_give_what_a_report_says_of_itself_as_footer(write: Write) -> None:
    content = "Account Name,Country\nAcme,ES\n\nBeta,FR\n\n\nAccounts of 2026\nConfidential\n"
    rows = list(open_table(write(content)).rows())
    assert [(line, isinstance(row, Footer)) for line, row in rows] == [(2, False), (4, False), (7, True), (8, True)]


def test_rows_take_a_short_line_that_is_not_at_the_end_for_a_row(write: Write) -> None:
    rows = list(open_table(write("customer,country\nAcme,ES\n\nBeta\nGamma,FR\n")).rows())
    assert [isinstance(row, Footer) for _, row in rows] == [False, False, False]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_open_table_finds_the_delimiter(write: Write, delimiter: str) -> None:
    lines = [["customer", "products", "country"], ["Acme", '"a;b|c,d\te"', "ES"], ["Beta", "x", "FR"]]
    table = open_table(write("\n".join(delimiter.join(line) for line in lines)))
    assert table.delimiter == delimiter
    assert cells(table)[0] == ["Acme", "a;b|c,d\te", "ES"]


def test_open_table_when_excel_declares_the_separator(write: Write) -> None:
    table = open_table(write("sep=;\r\ncustomer;note\r\nAcme;a,b,c,d\r\n"))
    assert (table.delimiter, table.header_line) == (";", 2)
    assert list(table.rows()) == [(3, ["Acme", "a,b,c,d"])]


def test_open_table_of_one_column(write: Write) -> None:
    assert cells(open_table(write("customer\nAcme\nBeta\n"))) == [["Acme"], ["Beta"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_give_the_line_where_each_begins(write: Write, end: str) -> None:
    lines = ["customer,quote", f'Acme,"one{end}two"', "", "Beta,three"]
    table = open_table(write(end.join(lines)))
    assert list(table.rows()) == [(2, ["Acme", f"one{end}two"]), (5, ["Beta", "three"])]


def test_rows_can_be_read_again(write: Write) -> None:
    table = open_table(write("customer\nAcme\n"))
    assert cells(table) == cells(table) == [["Acme"]]


def test_rows_keep_their_own_length_but_for_empty_cells_at_the_end(write: Write) -> None:
    table = open_table(write('customer,country\n1,2,,\n3,4,,"I\'m too long"\n5\n,,\n'))
    assert cells(table) == [["1", "2"], ["3", "4", "", "I'm too long"], ["5"]]


def test_open_table_passes_over_titles_above_the_headings(write: Write) -> None:
    table = open_table(
        write("Accounts of the south,,\nas of 1 May,,\n,,\nAccount Name,Industry,Website\nAcme,IT,a.com\n")
    )
    assert (table.header_line, table.headings) == (4, ("Account Name", "Industry", "Website"))
    assert cells(table) == [["Acme", "IT", "a.com"]]


def test_open_table_when_no_heading_is_known_takes_the_first_full_row(write: Write) -> None:
    table = open_table(write("Emissions,,\n,,\nYear,2000,2001\nTimber,5,6\nSteel,7,8\n"))
    assert (table.header_line, table.headings) == (3, ("Year", "2000", "2001"))


def test_open_table_when_a_cell_of_data_reads_like_a_heading(write: Write) -> None:
    table = open_table(write("account name,lifecycle,type\nAcme,Customer,Email\nBeta,Contact,Phone\n"))
    assert table.header_line == 1


def test_name_columns_when_some_repeat_or_are_empty() -> None:
    assert name_columns(["Phone", "", "Phone", " a\n b ", "Phone", "", ""]) == (
        "Phone",
        "",
        "Phone (2)",
        "a b",
        "Phone (3)",
    )


def test_open_table_of_a_workbook_writes_values_as_text(tmp_path: Path) -> None:
    day = date(2026, 5, 1)
    rows: list[list[object]] = [
        ["customer", "size", "renewal date", "arr", "seen", "on"],
        ["Acme", 40.0, day, 1.5, datetime(2026, 5, 1, 4, 30), True],  # noqa: DTZ001
        ["", "", "", "", "", ""],
        ["Beta", 12345678901, "", 0.1 + 0.2, "", False],
    ]
    table = open_table(book(tmp_path / "pool.xlsx", rows))
    assert (table.sheet, table.encoding, table.delimiter) == ("Sheet1", "", "")
    assert list(table.rows()) == [
        (2, ["Acme", "40", "2026-05-01", "1.5", "2026-05-01 04:30:00", "true"]),
        (4, ["Beta", "12345678901", "", "0.3", "", "false"]),
    ]


def test_open_table_of_a_workbook_takes_the_sheet_that_is_a_pool(tmp_path: Path) -> None:
    notes: list[list[object]] = [["Notes"], ["made by Ana"]]
    pool: list[list[object]] = [
        [],
        ["All accounts"],
        [],
        ["Account Name", "Industry", "Website"],
        ["Acme", "IT", "a.com"],
    ]
    path = book(tmp_path / "pool.xls", notes, pool, pool, hidden=(2,))
    table = open_table(path)
    assert (table.sheet, table.header_line) == ("Sheet2", 4)
    assert open_table(path, sheet="Sheet3").sheet == "Sheet3"
    assert refusal(path, sheet="Nope").code == "no_sheet"


def test_open_table_judges_by_content_not_by_extension(write: Write, tmp_path: Path) -> None:
    assert open_table(write("customer,country\nAcme,ES\n", "pool.xlsx")).delimiter == ","
    assert open_table(book(tmp_path / "pool.csv", [["customer"], ["Acme"]])).sheet == "Sheet1"


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"customer,country\n", "no_rows"),
        (b"customer\nAc\0me\n", "binary"),
        (b"customer\n" + b"Acme\n" * 30_000 + b"\0", "binary"),
        (bytes(range(1, 32)) * 20, "binary"),
        (codecs.BOM_UTF16_LE + "customer\nAcme\n".encode("utf-16-le") + b"\x00", "bad_encoding"),
        (codecs.BOM_UTF8 + b"customer\nCaf\xe9\n", "bad_encoding"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (b"{\\rtf1 hello}", "not_a_table"),
        (b"<html><table><tr><td>customer</td></tr></table>", "markup"),
        (b'<?xml version="1.0"?><Workbook/>', "markup"),
        (b'[{"customer": "Acme"}]', "json"),
        (b'customer,quote\nAcme,"never\nends\n', "broken_quotes"),
        (b'customer,quote\nAcme,"He said "wow" to us"\n', "broken_quotes"),
        (b'customer,quote\nAcme,"He said \\"wow\\" to us"\n', "broken_quotes"),
        (b"customer,quote\nAcme," + b"x" * 200_000, "cell_too_long"),
        (b"customer" + b",x" * 1_000 + b"\nAcme" + b",1" * 1_000, "too_wide"),
        (b"customer,Acme,Beta\ncountry,ES,FR\nsize,10,20\n", "sideways"),
        (b"customer\nA" + b"\0" * 9, "binary"),
        (b"PK\x03\x04junk", "unreadable_workbook"),
        (OLE + b"\0" * 600, "unreadable_workbook"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_open_table_refuses_what_is_no_table(write: Write, content: bytes, code: str) -> None:
    error = refusal(write(content))
    assert error.code == code
    assert error.hint


def test_open_table_names_the_line_of_a_quote_that_never_ends(write: Write) -> None:
    content = "customer,quote\n" + "Acme,fine\n" * 9_000 + 'Beta,"never\n' + "Acme,fine\n" * 20_000
    assert "line 9002" in refusal(write(content)).message


def test_open_table_refuses_folders_and_missing_files(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "not_a_file"
    assert refusal(tmp_path / "none.csv").code == "missing"


def test_open_table_refuses_other_archives_and_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(zipped(tmp_path / "a.zip", notes=b"hi")).code == "not_a_table"
    assert refusal(zipped(tmp_path / "b.docx", word__document=b"hi")).code == "not_a_table"
    assert refusal(zipped(tmp_path / "c.xlsx", xl__workbook=b"hi")).code == "unreadable_workbook"
    monkeypatch.setattr("references.importing.workbooks.MAX_UNPACKED", 10)
    assert refusal(zipped(tmp_path / "d.xlsx", xl__workbook=b"x" * 11)).code == "too_large"


def test_open_table_refuses_a_workbook_without_rows(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xlsx", [])).code == "empty"
    assert refusal(book(tmp_path / "b.xlsx", [["customer", "country"]])).code == "no_rows"


def test_open_table_survives_a_workbook_that_would_fill_the_memory(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "far.xlsx"))
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["customer", "country"])
    sheet.write(1_048_575, 16_383, "x")
    workbook.close()
    assert refusal(tmp_path / "far.xlsx").code == "unreadable_workbook"


def test_open_table_names_the_sheets_it_leaves_out(tmp_path: Path) -> None:
    accounts = [["Account Name", "Industry", "Website"], ["Acme", "IT", "a.com"]]
    people = [["First Name", "Last Name", "Email"], ["Ana", "Lopez", "ana@a.com"]]
    (warning,) = open_table(book(tmp_path / "two.xlsx", accounts, people, [["made by Ana"], ["in May"]])).warnings
    assert "“Sheet1”" in warning
    assert "“Sheet2”" in warning
    assert "Sheet3" not in warning


def test_rows_refuses_a_sheet_longer_than_sheets_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "long.xlsx", [["customer"], ["Acme"], ["Beta"], ["Gamma"]])
    monkeypatch.setattr(sheet_process, "MOST_ROWS", 3)
    with pytest.raises(sheet_process.SheetTooLongError):
        list(sheet_process.read_lines("rows", str(path), "Sheet1"))
    assert _refusal("too_long").code == "too_large"


def test_rows_of_a_workbook_can_be_left_early(tmp_path: Path) -> None:
    names = [["customer"], *[[f"Acme {number}"] for number in range(5_000)]]
    table = open_table(book(tmp_path / "pool.xlsx", names))
    rows = table.rows()
    assert next(rows) == (2, ["Acme 0"])
    del rows
    assert sum(1 for _ in table.rows()) == 5_000


@pytest.mark.parametrize(("option", "value"), [("encoding", "utf-99"), ("encoding", "ascii"), ("delimiter", ",,")])
def test_open_table_refuses_options_that_do_not_fit(write: Write, option: str, value: str) -> None:
    assert refusal(write(TEXT), **{option: value}).code.startswith("bad_")


STARTS = st.sampled_from(
    [b"", b"customer,email\n", b"PK\x03\x04", OLE, codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, b'a;"b\r']
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(start=STARTS, content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode())))
@example(start=b"", content=b"\x85\x1c,\x1d")
@example(start=b"", content=b"customer,renewal_date\n\xff,\xb2/\xb3/2020")
def test_open_table_of_arbitrary_bytes_is_read_or_refused(start: bytes, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(start + content)
        try:
            table = open_table(path)
            mapping = guess_mapping(table.headings)
            require_importable(mapping)
            list(read_rows(table, mapping, day_first=find_day_first(table, mapping)))
        except ImportRefusedError:
            return


def test_rows_pass_over_headings_told_again_rules_and_the_names_of_a_survey_tool(write: Write) -> None:
    own = '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"'
    told = f"Company,Email\n{own}\n---,:---\nAcme,a@a.co\nCompany,Email\nBeta,b@b.co\n"
    assert cells(open_table(write(told))) == [["Acme", "a@a.co"], ["Beta", "b@b.co"]]


def test_rows_give_remarks_below_a_gap_as_footer(write: Write, tmp_path: Path) -> None:
    table = open_table(write(",Company,Email\n,Acme,a@a.co\n,,\n,Total: 1,\n,* Acme prefers mornings,\n"))
    assert [isinstance(row, Footer) for _, row in table.rows()] == [False, True, True]
    sheet = book(tmp_path / "notes.xlsx", [["Company", "Email"], ["Acme", "a@a.co"], [], ["Source: CRM, 30 Sep"]])
    assert [isinstance(row, Footer) for _, row in open_table(sheet).rows()] == [False, True]
    beta = book(tmp_path / "beta.xlsx", [["Company", "Email"], ["Acme", "a@a.co"], [], ["Beta"]])
    assert [isinstance(row, Footer) for _, row in open_table(beta).rows()] == [False, False]


def test_headings_in_two_rows_are_joined(write: Write) -> None:
    groups = open_table(write("Account,,,Contact,\nName,Industry,Country,Name,Email\nAcme,Retail,US,Ana,a@a.co\n"))
    assert groups.headings[0] == "Account: Name"
    assert groups.headings[3:] == ("Contact: Name", "Contact: Email")
    assert cells(groups) == [["Acme", "Retail", "US", "Ana", "a@a.co"]]
    survey = (
        "ID,Email Address,How likely is it that you would recommend us?,Your details,\n,,,Name,Company\n1,,9,Ana,Acme\n"
    )
    assert open_table(write(survey)).headings[2:] == (
        "How likely is it that you would recommend us?",
        "Name",
        "Company",
    )
    plain = open_table(write("Company,Email,\nAcme,a@a.co,Retail\n"))
    assert (plain.headings, plain.header_line) == (("Company", "Email"), 1)


def test_cells_merged_downwards_say_the_same_in_each_row(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "merged.xlsx"))
    sheet = workbook.add_worksheet()
    sheet.merge_range("A1:C1", "Our references")
    for at, row in enumerate(
        [["Company", "Contact", "Email"], ["", "Ana", "a@a.co"], ["", "Ben", "b@a.co"], ["Beta", "Cy", "c@b.co"]], 1
    ):
        sheet.write_row(at, 0, row)
    sheet.merge_range("A3:A4", "Acme")
    workbook.close()
    assert [row[0] for row in cells(open_table(tmp_path / "merged.xlsx"))] == ["Acme", "Acme", "Beta"]


def test_two_tables_side_by_side_are_refused(write: Write) -> None:
    error = refusal(write("Company,Industry,,Contact,Email,Company\nAcme,Retail,,Ana,a@b.co,Beta\n"))
    assert error.code == "two_tables"
    gap = write("Company,Industry,,Contact,Email\nAcme,Retail,,Ana,a@b.co\n")
    assert len(cells(open_table(gap))) == 1


def test_mixed_encodings_are_refused_with_the_line(write: Write) -> None:
    mixed = "Company,Contact\nCafé,José\n".encode() + "Åkeri,Björn\n".encode("cp1252")
    error = refusal(write(mixed))
    assert error.code == "bad_encoding"
    assert "line 3" in error.message


def test_mainframe_text_and_address_cards_are_refused_by_name(write: Write) -> None:
    assert "EBCDIC" in refusal(write("Company,Email\nAcme,a@a.co\n".encode("cp037"))).message
    assert "vCard" in refusal(write("BEGIN:VCARD\nFN:Ana\nEND:VCARD\n")).message


def test_a_first_row_below_a_blank_heading_is_a_row(write: Write) -> None:
    table = open_table(write(",Company,Country\nContact,Acme,Norway\nPartner,Beta,Chile\n"))
    assert (table.headings, table.header_line) == (("", "Company", "Country"), 1)
    assert cells(table)[0] == ["Contact", "Acme", "Norway"]


def test_names_of_groups_are_passed_over_where_headings_are_told_again(write: Write) -> None:
    text = "Active\nCompany,Email\nAcme,a@a.co\n\nOn pause,\nCompany,Email\nBeta,b@b.co\n"
    assert cells(open_table(write(text))) == [["Acme", "a@a.co"], ["Beta", "b@b.co"]]


def test_kinds_of_answers_below_the_headings_are_no_row(write: Write) -> None:
    text = "Email,What is your company?,Why?\n,Open-Ended Response,Response\na@a.co,Acme,Fast\n"
    assert cells(open_table(write(text))) == [["a@a.co", "Acme", "Fast"]]
