"""Headings in other words: after a record, before brackets, as a question, as one of many that ask the same."""

import pytest

from references.importing.wording import begins_table, count_known, recognize


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Account Name", "customer"),
        ("Account: Account Name", "customer"),
        ("Contact: Full Name", "promoter"),
        ("Contact: Account Name", "customer"),
        ("Contact First Name", "first_name"),
        ("RecipientLastName", "last_name"),
        ("primary_contact_title", "title"),
        ("Reviewer Email", "email"),
        ("Account External ID", "customer_id"),
        ("Contact External ID", "external_id"),
        ("Customer Industry", "industry"),
        ("E-Mail (business)", "email"),
        ("Your name", "promoter"),
        ("Customer Contact Email", "email"),
        ("Champion Title", "title"),
        ("Contact 1 Name", "promoter"),
        ("Unsubscribed from emails", "opted_out"),
        ("Opted out of marketing", "opted_out"),
        ("What's your name?", "promoter"),
        ("Which company do you work for? *", "customer"),
        ("Please enter your email address:", "email"),
        ("On a scale of 0-10, how likely are you to recommend us?", "nps"),
        ("How likely is it that you would recommend Acme to a friend or colleague?", "nps"),
        ("NPS (Likelihood to recommend)", "nps"),
        ("Zufriedenheit (NPS)", "nps"),
        ("Last NPS Date", "nps_date"),
        ("NPS feedback", "nps_comment"),
        ("What's the main reason for your score?", "nps_comment"),
    ],
)
def test_recognize_by_wording(heading: str, field: str) -> None:
    found = recognize(heading)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "Contact Status",
        "Account Status",
        "Person Score",
        "Company Phone",
        "Lead Source",
        "NPS Category",
        "Q1_NPS_GROUP",
        "Customer Since",
        "Contact 2 Name",
        "Unsubscribed Date",
        "Opt-out reason",
        "Anything else?",
        "May we contact you?",
        "x" * 500,
    ],
)
def test_recognize_leaves_alone_what_means_something_else(heading: str) -> None:
    assert recognize(heading) is None


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            "Nome da empresa;Nome do contato;Telefone;Data de renovação;Moeda",
            "customer promoter phone renewal_date currency",
        ),
        ("Ragione sociale;Referente;Ruolo;Cellulare;Dipendenti", "customer promoter title phone size"),
        ("Bedrijfsnaam;Voornaam;Achternaam;Functie;E-mailadres", "customer first_name last_name title email"),
        ("Nazwa firmy;Branża;Kraj;Imię;Nazwisko;Stanowisko", "customer industry country first_name last_name title"),
        ("Företag;Bransch;E-post;Antal anställda", "customer industry email size"),
        ("Название компании;Отрасль;Страна;Контактное лицо", "customer industry country promoter"),
        ("Şirket Adı;Ülke;Yetkili Kişi;Ünvan;E-posta", "customer country promoter title email"),
        ("会社名;担当者名;役職;更新日;言語", "customer promoter title renewal_date languages"),
        ("公司名称;电子邮箱;续约日期", "customer email renewal_date"),
        ("اسم الشركة;جهة الاتصال;البريد الإلكتروني", "customer promoter email"),
        ("Organization 1 - Name;E-mail 1 - Value;Phone 1 - Value", "customer email phone"),
    ],
)
def test_recognize_headings_of_many_languages_and_systems(headings: str, fields: str) -> None:
    assert [found and found[0] for found in map(recognize, headings.split(";"))] == fields.split()


def test_count_known_counts_each_field_once() -> None:
    assert count_known(["Contact: Email", "Email", "Which company do you work for?", "x"]) == 2


def test_begins_table_of_headings_but_not_of_rows() -> None:
    assert begins_table(["Contact", "Email", "Company"])
    assert begins_table(["", "Account Name", "Industry", "Type of site"])
    assert not begins_table(["Acme", "Ana", "ana@acme.example"])
    assert not begins_table(["Contact", "Ana", "Retail", "Email"])
    assert not begins_table(["Email", "", ""])
