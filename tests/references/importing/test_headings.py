"""Headings: names in four languages and five systems, kinds of files, saved mappings, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.importing.aliases import CANONICAL, FIELDS
from references.importing.errors import ImportRefusedError
from references.importing.headings import Mapping, guess_mapping, load_mapping, require_importable


def fields(mapping: Mapping) -> dict[str, str]:
    return {column.heading: column.field for column in mapping.columns if column.field}


def refusal(mapping: Mapping) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as caught:
        require_importable(mapping)
    return caught.value


def test_guess_mapping_of_canonical_headings_is_the_identity() -> None:
    mapping = guess_mapping(CANONICAL)
    assert mapping.kind == "canonical"
    assert fields(mapping) == {name: name for name in CANONICAL}
    require_importable(mapping)


def test_guess_mapping_of_salesforce_accounts() -> None:
    headings = ["ID", "ISDELETED", "NAME", "BILLINGCOUNTRY", "SHIPPINGCOUNTRY", "PHONE", "WEBSITE", "INDUSTRY"]
    mapping = guess_mapping([*headings, "ANNUALREVENUE", "NUMBEROFEMPLOYEES", "OWNERID", "SSN__C"])
    assert mapping.kind == "accounts"
    assert fields(mapping) == {
        "ID": "external_id",
        "ISDELETED": "deleted",
        "NAME": "customer",
        "BILLINGCOUNTRY": "country",
        "WEBSITE": "customer_domain",
        "INDUSTRY": "industry",
        "NUMBEROFEMPLOYEES": "size",
    }
    why = {column.heading: column.why for column in mapping.left_out}
    assert "BILLINGCOUNTRY" in why["SHIPPINGCOUNTRY"]
    assert "own revenue" in why["ANNUALREVENUE"]
    assert "company's phone" in why["PHONE"]
    assert "personal data" in why["SSN__C"]
    require_importable(mapping)


def test_guess_mapping_of_salesforce_contacts_joins_by_account_id() -> None:
    mapping = guess_mapping(["Id", "AccountId", "LastName", "FirstName", "Name", "Email", "Title", "Department"])
    assert mapping.kind == "contacts"
    assert fields(mapping) == {
        "Id": "external_id",
        "AccountId": "customer_id",
        "LastName": "last_name",
        "FirstName": "first_name",
        "Name": "promoter",
        "Email": "email",
        "Title": "title",
        "Department": "role",
    }
    require_importable(mapping)


def test_guess_mapping_of_leads_warns() -> None:
    mapping = guess_mapping(["Id", "Name", "Company", "LeadSource", "IsConverted", "Email"])
    assert mapping.kind == "leads"
    assert fields(mapping)["Company"] == "customer"
    assert mapping.warnings


def test_guess_mapping_of_hubspot() -> None:
    companies = guess_mapping(
        ["Company ID", "Company Name", "Company Domain Name", "Website", "Phone Number", "Company Owner"]
    )
    assert companies.kind == "accounts"
    assert fields(companies)["Company Domain Name"] == "customer_domain"
    assert "Website" not in fields(companies)
    assert "Phone Number" not in fields(companies)
    assert fields(companies)["Company Owner"] == "account_owner"
    contacts = guess_mapping(
        ["Contact ID", "First Name", "Last Name", "Email", "Associated Company Domain", "Job Title"]
    )
    assert contacts.kind == "contacts"
    assert fields(contacts)["Associated Company Domain"] == "customer_domain"
    require_importable(contacts)


def test_guess_mapping_of_dynamics() -> None:
    mapping = guess_mapping(
        ["Full Name", "Job Title", "Company Name", "Business Phone", "Email Address 1", "Address 1: Country/Region"]
    )
    assert set(fields(mapping).values()) == {"promoter", "title", "customer", "phone", "email", "country"}


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["Empresa", "País", "Sector", "Nombre", "Apellidos", "Correo electrónico", "Cargo", "Idiomas"], "es"),
        (["Firma", "Land", "Branche", "Vorname", "Nachname", "E-Mail-Adresse", "Titel", "Sprachen"], "de"),
        (["Société", "Pays", "Secteur", "Prénom", "Nom", "Courriel", "Poste", "Langues"], "fr"),
        (["Company", "Country", "Industry", "First Name", "Last Name", "E-mail", "Job Title", "Languages"], "en"),
    ],
)
def test_guess_mapping_in_four_languages(headings: list[str], expected: str) -> None:
    wanted = ["customer", "country", "industry", "first_name", "last_name", "email", "title", "languages"]
    assert list(fields(guess_mapping(headings)).values()) == wanted, expected


def test_guess_mapping_of_stories_tells_texts_from_tags() -> None:
    mapping = guess_mapping(
        ["id", "customer_name", "title", "challenge", "solution", "solutions", "quote_text", "language"]
    )
    assert mapping.kind == "stories"
    assert fields(mapping) == {
        "id": "story_id",
        "customer_name": "customer",
        "title": "story_title",
        "challenge": "challenge",
        "solution": "solution_text",
        "solutions": "solutions",
        "quote_text": "quote",
    }


def test_guess_mapping_of_a_survey() -> None:
    mapping = guess_mapping(["Company", "How likely are you to recommend us?", "Comment", "Survey date"])
    assert fields(mapping)["How likely are you to recommend us?"] == "nps"
    assert fields(mapping)["Survey date"] == "nps_date"


def test_guess_mapping_suggests_where_a_heading_is_misspelled() -> None:
    mapping = guess_mapping(["customer", "industri"])
    assert "industry" in mapping.columns[1].why
    assert mapping.columns[1].field is None


def test_guess_mapping_reads_several_columns_of_one_list() -> None:
    mapping = guess_mapping(["customer", "Product", "Product Used"])
    assert mapping.positions["products"] == (1, 2)


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["opportunity_id", "account", "deal_stage", "close_value"], "opportunities"),
        (["Id", "AccountId", "Name", "StageName", "Amount"], "opportunities"),
        (["product", "series", "sales_price"], "products"),
        (["sales_agent", "manager", "regional_office"], "team"),
        (["Table", "Field", "Description"], "dictionary"),
    ],
)
def test_require_importable_refuses_other_kinds(headings: list[str], kind: str) -> None:
    mapping = guess_mapping(headings)
    assert mapping.kind == kind
    error = refusal(mapping)
    assert error.code == "wrong_kind"
    assert all(heading in error.message for heading in headings)


@pytest.mark.parametrize(
    "headings",
    [["a", "b", "c"], ["Name", "Phone"], ["first", "last", "zip"], ["Email", "First Name"], ["customer_domain"]],
)
def test_require_importable_refuses_files_without_a_customer(headings: list[str]) -> None:
    error = refusal(guess_mapping(headings))
    assert error.code == "no_customer"
    assert headings[0] in error.message
    assert "customer" in error.hint


def test_load_mapping_gives_back_what_was_saved() -> None:
    headings = ["Konto", "Fax", "Mail"]
    saved = load_mapping({"konto": "customer", "Fax": None, "Mail": "email"}, headings)
    assert fields(saved) == {"Konto": "customer", "Mail": "email"}
    assert load_mapping(saved.to_json(), headings).columns == saved.columns
    require_importable(saved)


def test_load_mapping_lets_a_person_import_what_looks_like_another_kind() -> None:
    require_importable(load_mapping({"account": "customer"}, ["opportunity_id", "account", "deal_stage"]))


@pytest.mark.parametrize(
    ("saved", "code", "named"),
    [
        ({"Konto": "kunde"}, "unknown_field", "customer_domain"),
        ({"Nope": "customer"}, "unknown_heading", "Konto"),
        ({"Konto": "customer", "Mail": "customer"}, "field_twice", ""),
        ("{not json", "bad_mapping", ""),
        ("[" * 100_000, "bad_mapping", ""),
        ('["customer"]', "bad_mapping", ""),
        ({"Konto": 3}, "bad_mapping", ""),
    ],
)
def test_load_mapping_refuses_and_names_the_allowed(saved: str | dict[str, object], code: str, named: str) -> None:
    with pytest.raises(ImportRefusedError) as caught:
        load_mapping(saved, ["Konto", "Mail"])
    assert caught.value.code == code
    assert named in caught.value.hint


@given(
    st.lists(
        st.one_of(st.sampled_from([*FIELDS, "Name", "Id", "Website", "Amount"]), st.text(max_size=20)), max_size=12
    )
)
def test_guess_mapping_fills_each_single_field_once(headings: list[str]) -> None:
    mapping = guess_mapping(headings)
    assert [column.heading for column in mapping.columns] == headings
    assert all(column.why for column in mapping.columns)
    assert fields(mapping).keys() <= set(headings)
    load_mapping(mapping.to_json(), headings)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (  # HubSpot in German
            "Datensatz-ID;Unternehmensname;Domainname des Unternehmens;Anzahl der Mitarbeiter;Land/Region",
            "external_id customer customer_domain size country",
        ),
        (
            "Datensatz-ID;Vorname;Nachname;E-Mail;Telefonnummer;Position;Verknüpftes Unternehmen",
            "external_id first_name last_name email phone title customer",
        ),
        (  # Salesforce in French and in Spanish
            "Nom du compte;Secteur d'activité;Employés;Pays de facturation;Site Web;Propriétaire du compte",
            "customer industry size country customer_domain account_owner",
        ),
        (
            "Nombre de la cuenta;Sector;Empleados;País de facturación;Sitio Web;Propietario de cuenta",
            "customer industry size country customer_domain account_owner",
        ),
        (
            "ID de registro;Nombre;Apellidos;Correo;Número de teléfono;Cargo;Empresa asociada",
            "external_id first_name last_name email phone title customer",
        ),
        (  # Pipedrive
            "Organization - Name;Organization - Country of Address;Organization - Owner;Organization - ID",
            "customer country account_owner external_id",
        ),
        (
            "Person - Name;Person - Organization;Person - Email - Work;Person - Phone - Work;Person - ID",
            "promoter customer email phone external_id",
        ),
        (  # Dynamics, the contact's own id and that of its account
            "(Do Not Modify) Contact;Full Name;Email;Company Name;Business Phone;Job Title",
            "external_id promoter email customer phone title",
        ),
        (
            "(Do Not Modify) Account;Account Name;Primary Contact;Email (Primary Contact);Number of Employees",
            "customer_id customer promoter email size",
        ),
        (  # Zoho
            "Record Id;First Name;Last Name;Account Name.id;Account Name;Email",
            "external_id first_name last_name customer_id customer email",
        ),
        ("会社名;国;担当者;メール", "customer country promoter email"),
    ],
)
def test_guess_mapping_of_exports_in_other_languages_and_systems(headings: str, expected: str) -> None:
    mapping = guess_mapping(headings.split(";"))
    assert [column.field for column in mapping.columns] == expected.split()
    require_importable(mapping)


def test_guess_mapping_of_answers_that_name_nobody_is_refused() -> None:
    error = refusal(guess_mapping(["id", "market", "survey_date", "customer_name", "quarter", "rating"]))
    assert error.code == "wrong_kind"
    assert "import_responses" in error.hint


def test_load_mapping_still_warns_of_leads() -> None:
    headings = ["Id", "Name", "Company", "IsConverted"]
    mapping = load_mapping({"Name": "promoter", "Company": "customer"}, headings)
    assert (mapping.kind, mapping.warnings) == ("leads", guess_mapping(headings).warnings)


@pytest.mark.parametrize("more", [(), ("Job Title",), ("Phone",)])
def test_name_beside_a_company_is_a_persons(more: tuple[str, ...]) -> None:
    mapping = guess_mapping(("Name", "Company", *more))
    assert (mapping.kind, mapping.positions["promoter"], mapping.positions["customer"]) == ("contacts", (0,), (1,))


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["Title", "First Name", "Last Name", "Company", "Job Title"], {"Job Title": "title"}),
        (["First Name", "Last Name", "URL", "Company", "Position"], {"URL": None, "Position": "title"}),
        (["Organization", "URL", "Contact"], {"URL": "customer_domain"}),
        (["Customer", "Quote", "Name", "Job title"], {"Name": "promoter", "Job title": "title"}),
        (
            ["Internal ID", "ID", "Name", "Company Name", "Primary Contact", "Email"],
            {"ID": "customer_id", "Name": None},
        ),
        (["Associated Company IDs", "Associated Company IDs (Primary)", "Email"], {"Associated Company IDs": None}),
        (["Company", "Email", "Comments", "Response Date"], {"Comments": None, "Response Date": None}),
        (["Company", "Email", "NPS", "Comments"], {"Comments": "nps_comment"}),
        (["Email", "Company", "Survey Type", "Score", "Text"], {"Score": "nps", "Text": "nps_comment"}),
        (
            ["ID", "Proposal title", "Session type", "Track", "Company"],
            {"ID": "slot_id", "Proposal title": "talk_title"},
        ),
        (["Name", "Customer", "Contact", "Contact email"], {"Name": None, "Contact": "promoter"}),
        (["Reviewer", "Company", "Title", "Pros", "Cons"], {"Reviewer": "promoter", "Title": None}),
        (["Account Name", "Health", "NPS Score", "Renewal Date"], {"Account Name": "customer", "NPS Score": None}),
        (["name", "externalId", "nps", "renewalDate"], {"name": "customer", "nps": None}),
        (["Company", "Email", "Do Not Contact"], {"Do Not Contact": "opted_out"}),
        (["AccountId", "Email", "HasOptedOutOfEmail"], {"HasOptedOutOfEmail": "opted_out"}),
    ],
)
def test_guess_mapping_by_what_stands_beside(headings: list[str], expected: dict[str, str | None]) -> None:
    mapping = guess_mapping(headings)
    found = {column.heading: column.field for column in mapping.columns}
    assert {heading: found[heading] for heading in expected} == expected


def test_guess_mapping_of_accounts_with_a_score_are_still_accounts() -> None:
    headings = ["ID", "NAME", "WEBSITE", "INDUSTRY", "NUMBEROFEMPLOYEES", "BILLINGCITY", "NPS_SCORE__C"]
    mapping = guess_mapping(headings)
    assert mapping.kind == "accounts"
    assert fields(mapping)["NAME"] == "customer"
    assert "nps" not in mapping.fields
    require_importable(mapping)


def test_several_columns_of_one_address_are_read_best_first() -> None:
    mapping = guess_mapping(["Company", "Secondary Email", "Mobile", "Email", "Phone"])
    assert mapping.positions["email"] == (3, 1)
    assert mapping.positions["phone"] == (4, 2)
    assert (mapping.headings["email"], mapping.headings["phone"]) == ("Email", "Phone")
    assert "where “Email” is blank" in mapping.columns[1].why
    saved = load_mapping({"Company": "customer", "Mobile": "phone", "Phone": "phone"}, ["Company", "Mobile", "Phone"])
    assert saved.positions["phone"] == (1, 2)


def test_require_importable_tells_values_from_headings() -> None:
    error = refusal(guess_mapping(["Acme Corp", "Al Bo", "al@acme.example", "+1 555 0100"]))
    assert error.code == "no_customer"
    assert "“al@acme.example” is rather a value" in error.hint


def test_require_importable_of_talks_without_an_event() -> None:
    error = refusal(guess_mapping(["Session Id", "Title", "Speakers", "Session format", "Company"]))
    assert error.code == "no_event"
