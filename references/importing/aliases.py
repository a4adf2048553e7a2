"""The canonical headings of an import and every other name they go by in CRM exports and in four languages."""

import re
from functools import lru_cache

from references.text import fold

CANONICAL: tuple[str, ...] = (
    "customer",
    "customer_domain",
    "industry",
    "country",
    "region",
    "size",
    "products",
    "solutions",
    "tier",
    "health",
    "renewal_date",
    "annual_value",
    "currency",
    "account_owner",
    "promoter",
    "title",
    "role",
    "seniority",
    "email",
    "phone",
    "languages",
    "activities",
    "max_per_quarter",
    "nps",
    "nps_comment",
    "nps_date",
    "story_id",
    "story_title",
    "story_url",
    "challenge",
    "solution_text",
    "results",
    "quote",
    "quote_by",
    "quote_title",
    "consent",
    "consent_until",
    "external_id",
    "event",
    "event_date",
    "talk_title",
    "event_format",
    "audience",
    "abstract",
    "video_url",
    "slot_id",
)

# What a file may bring beside them: parts of a name, and the CRM's own id of the customer a contact belongs to.
JOINING: tuple[str, ...] = ("first_name", "last_name", "customer_id")
FIELDS: tuple[str, ...] = CANONICAL + JOINING

# Several columns may feed one of these; of any other field the best column wins.
MANY: frozenset[str] = frozenset({"industry", "region", "products", "solutions", "languages", "activities", "consent"})


@lru_cache(maxsize=8192)
def squeeze(heading: str) -> str:
    """Fold a heading to its letters and digits, so that "Number of Employees" and NUMBEROFEMPLOYEES agree."""
    words = re.sub(r"__[cr]\b", " ", fold(heading).strip())
    return re.sub(r"[\W_]+", "", words)


# Best first: when a file has several of them, the earliest is read.
_ALIASES: dict[str, str] = {
    "customer": """customer, customer name, account name, company name, account, company, organization, organisation,
        organization name, organisation name, client, client name, business name, parent account, parent customer,
        associated company, employer, cliente, nombre del cliente, empresa, nombre de la empresa, compañía, cuenta,
        nombre de la cuenta, organización, kunde, kundenname, firma, firmenname, unternehmen, organisation name,
        client name, société, entreprise, nom de la société, nom du client, nom de l'entreprise, raison sociale,
        compte, nom du compte, nom de l'entreprise associée, entreprise associée, société associée, nom de
        l'organisation, unternehmensname, name des unternehmens, verknüpftes unternehmen, zugehöriges unternehmen,
        organisationsname, empresa asociada, nombre de la empresa asociada, nombre de la organización, organization -
        name, person - organization, deal - organization, azienda, ragione sociale, nome azienda, nome da conta, nome
        da empresa, bedrijfsnaam, klantnaam, 会社名, 顧客名, 取引先名, 企業名, 公司名称, 客户名称, 회사명, 고객사""",
    "customer_domain": """customer domain, company domain name, associated company domain, account domain, domain,
        domain name, company domain, website, company website, web site, website url, account website, homepage,
        dominio, sitio web, página web, webseite, domaine, site web, site internet, domainname des unternehmens,
        unternehmensdomain, nom de domaine de l'entreprise, nombre de dominio de la empresa, organization - website,
        sito web, ウェブサイト, webサイト""",
    "industry": """industry, industries, sector, vertical, industry vertical, account industry, company industry,
        primary industry, business sector, market sector, industria, sector industrial, rama, branche, industrie,
        wirtschaftszweig, secteur, secteur d'activité, ramo, settore, setor, organization - industry,
        業種, 行业, 업종""",
    "country": """country, account country, billing country, company country, country/region, mailing country,
        shipping country, headquarters, hq country, address 1: country/region, address1 country, billing country
        code, country code, country region, location, office location, hq, país, land, pays, pays/région, pays de
        facturation, pays/territoire, país de facturación, rechnungsland, land (rechnungsanschrift), land/region,
        land/gebiet, billing address country, address country, billing country/territory, billing country (text
        only), mailing country/territory, organization - country of address, organization - country, paese, paese di
        fatturazione, 国, 国家, 국가""",
    "region": """region, regions, sales region, territory, geo, geography, market, theater, world region, región,
        territorio, région, gebiet, vertriebsgebiet""",
    "size": """size, number of employees, employees, employee count, company size, customer size, no. of employees,
        num employees, num emp, employee range, number employees, headcount, staff, employee band, size band, tamaño,
        número de empleados, empleados, mitarbeiter, mitarbeiterzahl, anzahl mitarbeiter, unternehmensgröße,
        effectif, effectifs, nombre d'employés, nombre de salariés, taille, employés, anzahl der mitarbeiter, anzahl
        der beschäftigten, anzahl mitarbeitende, mitarbeitende, organization - number of employees, organization -
        employee count, dipendenti, numero di dipendenti, número de funcionários, aantal medewerkers,
        従業員数, 员工人数""",
    "products": """products, product, products owned, product owned, installed products, products used, product used,
        product family, modules, productos, producto, produkte, produkt, produits, produit""",
    "solutions": """solutions, use cases, use case, solution area, solution areas, solution, topics, topic,
        soluciones, casos de uso, caso de uso, lösungen, anwendungsfall, anwendungsfälle,
        cas d'usage, cas d'utilisation""",
    "tier": """tier, account tier, customer tier, customer segment, account segment, segment, nivel, stufe, segmento""",
    "health": """health, customer health, account health, health status, health score, health color, health colour,
        rag status, salud, gesundheit, santé""",
    "renewal_date": """renewal date, renewal, contract renewal date, next renewal, next renewal date, contract end date,
        contract end, subscription end date, subscription end, fecha de renovación, renovación, verlängerungsdatum,
        vertragsende, date de renouvellement, renouvellement, fin de contrat""",
    "annual_value": """annual value, arr, acv, annual contract value, annual recurring revenue, contract value,
        yearly value, valor anual, jahreswert, jahresumsatz mit kunde, valeur annuelle""",
    "currency": """currency, currency iso code, currency code, account currency, transaction currency, moneda, divisa,
        währung, devise, monnaie""",
    "account_owner": """account owner, company owner, customer owner, account manager, owner, owner name, account
        owner name, customer success manager, csm, account executive, contact owner, propietario de la cuenta,
        responsable de cuenta, gestor de cuenta, kundenbetreuer, inhaber, responsable du compte, chargé de compte,
        propriétaire du compte, propriétaire de l'entreprise, propietario de cuenta, propietario de la empresa,
        accountinhaber, kontoinhaber, zuständiger mitarbeiter für unternehmen, organization - owner""",
    "promoter": """promoter, contact name, full name, contact, contact person, primary contact, reference contact,
        advocate, speaker, speaker name, person, person name, reference name, persona de contacto, nombre completo,
        nombre del contacto, contacto, ansprechpartner, ansprechpartnerin, kontakt, kontaktperson, vollständiger
        name, personne de contact, nom complet, interlocuteur, promotor, person - name, nom du contact, nombre y
        apellidos, kontaktname, nome completo, 担当者, 氏名, 联系人, 담당자""",
    "first_name": """first name, given name, firstname, forename, nombre, nombre de pila, vorname, prénom, person -
        first name""",
    "last_name": """last name, family name, surname, lastname, apellido, apellidos, nachname, familienname, nom de
        famille, nom, person - last name, cognome, sobrenome""",
    "title": """title, job title, contact title, position, job position, person title, cargo, puesto, título,
        berufsbezeichnung, stellenbezeichnung, titel, intitulé du poste, poste, fonction, person - job title, titre
        du poste, titre, puesto de trabajo, 役職, 职位, 직책""",
    "role": """role, department, job function, function, persona, buying role, rol, departamento, rolle, abteilung,
        funktion, rôle, département, service""",
    "seniority": """seniority, seniority level, job level, management level, level""",
    "email": """email, e-mail, email address, e-mail address, contact email, work email, business email, email
        address 1, emailaddress1, primary email, correo, correo electrónico, dirección de correo electrónico,
        e-mail-adresse, email-adresse, mailadresse, courriel, adresse e-mail, adresse mail, mail, person - email -
        work, person - email, email (primary contact), primary contact email, email (work),
        メール, メールアドレス, 电子邮件, 이메일""",
    "phone": """phone, phone number, business phone, work phone, contact phone, telephone, telephone 1, mobile phone,
        mobile phone number, mobile, telephone number, teléfono, número de teléfono, móvil, telefon, telefonnummer,
        mobiltelefon, téléphone, numéro de téléphone, portable, person - phone - work, person - phone, person - phone
        - mobile, phone (work), mobil, mobilnummer, handy, téléphone mobile, téléphone portable, teléfono móvil,
        電話番号, 电话, 전화번호""",
    "languages": """languages, language, preferred language, spoken languages, language code, idioma, idiomas, sprache,
        sprachen, langue, langues""",
    "activities": """activities, reference activities, agreed activities, willing to, willing to do, reference types,
        reference type, activity, actividades, aktivitäten, activités""",
    "max_per_quarter": """max per quarter, maximum per quarter, limit per quarter, calls per quarter, max calls per
        quarter, quarterly limit, máximo por trimestre, maximal pro quartal, maximum par trimestre""",
    "nps": """nps, nps score, nps rating, likelihood to recommend, likely to recommend, net promoter score, score,
        rating, recommendation score, how likely are you to recommend us, survey score, puntuación, puntuación nps,
        weiterempfehlung, note nps""",
    "nps_comment": """nps comment, comment, comments, survey comment, feedback, free text, reason for score, verbatim,
        comentario, comentarios, kommentar, commentaire, commentaires""",
    "nps_date": """nps date, survey date, response date, responded at, date of response, submitted at, answered at,
        date submitted, fecha de respuesta, fecha de la encuesta, umfragedatum, antwortdatum, date de réponse""",
    "story_id": """story id, case study id""",
    "story_title": """story title, case study title, case study, story, success story, headline""",
    "story_url": """story url, case study url, story link, case study link, link""",
    "challenge": """challenge, challenges, problem, situation, business challenge, desafío, reto, herausforderung, défi,
        enjeu""",
    "solution_text": """solution text, solution description, our solution""",
    "results": """results, result, outcome, outcomes, benefits, impact, resultados, resultado, ergebnis, ergebnisse,
        nutzen, résultat, résultats""",
    "quote": """quote, quote text, customer quote, testimonial, citation, testimonio, cita, zitat, témoignage""",
    "quote_by": """quote by, quote person, quoted person, quote author, quote name, spokesperson, said by""",
    "quote_title": """quote title, quote person title, quote author title, quote role""",
    "consent": """consent, consents, approved uses, approved for, permission, permissions, consent scope, referenceable
        for, consentimiento, einwilligung, consentement, autorisation""",
    "consent_until": """consent until, consent expires, consent expiry, consent end, consent end date, permission
        until, approved until""",
    "external_id": """external id, record id, crm id, contact id, person id, lead id, datensatz-id, id de fiche
        d'informations, id de registro, id de l'enregistrement, person - id, (do not modify) contact, kontakt-id""",
    "event": """event, event name, conference, conference name, meetup, evento, conferencia, veranstaltung, konferenz,
        événement, conférence""",
    "event_date": """event date, talk date, date of talk, date of event, session date, veranstaltungsdatum, fecha del
        evento""",
    "talk_title": """talk title, talk, session title, session, presentation title, presentation, vortrag, vortragstitel,
        charla, ponencia""",
    "event_format": """event format, talk format, session format, session type""",
    "audience": """audience, talk level, audience level, target audience""",
    "abstract": """abstract, talk abstract, session abstract""",
    "video_url": """video url, video link, video, recording, recording url, recording link, youtube url""",
    "slot_id": """slot id, talk id, session id""",
    "customer_id": """customer id, account id, company id, associated company id, parent account id, parent customer
        id, associated company ids, primary associated company id, account number, id de cuenta, kundennummer,
        organization id, organization - id, account name id, (do not modify) account, company name (id), id du
        compte, accountnummer, zugehörige unternehmens-id, id de entreprise associée, id de empresa asociada""",
}

# More that CRM exports write in full, where a general alias would be wrong.
_DATED = ("createdate", "createddate", "lastmodifieddate", "lastactivitydate", "systemmodstamp", "lastvieweddate")

ALIASES: dict[str, tuple[str, int]] = {}  # squeezed name → (field, preference within the field: 0 is best)
for _field, _names in _ALIASES.items():
    for _rank, _name in enumerate([_field, *_names.split(",")]):
        ALIASES.setdefault(squeeze(_name), (_field, _rank))
for _field in FIELDS:
    ALIASES[squeeze(_field)] = (_field, 0)

# Headings left out on purpose, and why.
IGNORED: dict[str, str] = dict.fromkeys(_DATED, "a date the CRM keeps for itself") | {
    "ownerid": "an internal id of the CRM, neither a name nor an e-mail address",
    "annualrevenue": "the customer's own revenue, not what they pay you",
    "revenue": "the customer's own revenue, not what they pay you",
    "birthdate": "personal data that the pool has no use for",
    "ssn": "personal data that the pool has no use for",
    "passportid": "personal data that the pool has no use for",
    "nationalid": "personal data that the pool has no use for",
    "salary": "personal data that the pool has no use for",
    "stateregion": "finer than the regions used here; map it to country by hand if there is none",
    "state": "finer than the regions used here; map it to country by hand if there is none",
    "billingstate": "finer than the regions used here; map it to country by hand if there is none",
    "mailingstate": "finer than the regions used here; map it to country by hand if there is none",
    "isdeleted": "a flag the CRM keeps for itself",
    "assistantphone": "someone else's phone",
}

# Headings that tell what else a file is, for finding the heading row and for refusing with the right reason.
MARKERS: dict[str, frozenset[str]] = {
    "dictionary": frozenset(map(squeeze, ("table", "field", "field name", "data type", "description"))),
    "opportunities": frozenset(
        map(
            squeeze,
            """stage name;deal stage;stage;opportunity id;opportunity name;deal name;deal id;sales stage;close date;
            close value;amount;probability;expected revenue;is closed;is won;forecast category;engage date;
            opportunity owner;est. revenue;est. close date;pipeline""".split(";"),
        )
    ),
    "products": frozenset(map(squeeze, ("product", "product name", "series", "sales price", "unit price", "sku"))),
    "team": frozenset(map(squeeze, ("sales agent", "sales rep", "manager", "regional office", "quota"))),
    "accounts": frozenset(
        map(
            squeeze,
            """industry;website;number of employees;num emp;employees;annual revenue;account number;type;parent id;
            ownership;ticker symbol;sic;billing city;billing country;billing state;account source""".split(";"),
        )
    ),
    "contacts": frozenset(
        map(squeeze, "email;e-mail;title;job title;first name;last name;account id;mobile phone;contact id".split(";"))
    ),
    "leads": frozenset(map(squeeze, "is converted;converted account id;converted contact id;lead id".split(";"))),
    "stories": frozenset(
        map(
            squeeze,
            """story id;story title;story url;challenge;solution text;results;quote;quote text;quote person;quote by;
            case study;case study title;testimonial""".split(";"),
        )
    ),
    "events": frozenset(
        map(squeeze, "event;event name;conference;talk title;session title;speaker;abstract;video url".split(";"))
    ),
    "survey": frozenset(map(squeeze, "nps;nps score;nps rating;likelihood to recommend;net promoter score".split(";"))),
}
_EVERY_MARKER: frozenset[str] = frozenset().union(*MARKERS.values())


def count_known(cells: list[str]) -> int:
    """Say how many different fields or tell-tale headings a row of cells names; a heading row names many."""
    known: set[str] = set()
    for cell in cells:
        if not cell or len(cell) > 80:
            continue
        name = squeeze(cell)
        if name in ALIASES:
            known.add(ALIASES[name][0])
        elif name in _EVERY_MARKER or name in IGNORED or name == "name":
            known.add(name)
    return len(known)
