"""The canonical headings of an import and every other name they go by in CRM exports and in four languages."""

import re
from functools import lru_cache

from references.importing.agreeing import YES_OR_NO
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
    "opted_out",
    "reference_status",
    "customer_status",
    "deleted",
    *YES_OR_NO,
)

# What a file may bring beside them: parts of a name, and the CRM's own id of the customer a contact belongs to.
JOINING: tuple[str, ...] = ("first_name", "last_name", "customer_id")
FIELDS: tuple[str, ...] = CANONICAL + JOINING

# Of several columns for one of these, the first that says something in a row is read: office, mobile …
FIRST_OF: frozenset[str] = frozenset({"email", "phone"})
# Several columns may feed one of these; of any other field the best column wins.
MANY: frozenset[str] = frozenset(
    {"industry", "region", "products", "solutions", "languages", "activities", "consent", "reference_status"}
) | {"customer_status", "deleted", *YES_OR_NO}


@lru_cache(maxsize=8192)
def squeeze(heading: str) -> str:
    """Fold a heading to its letters and digits, so that "Number of Employees" and NUMBEROFEMPLOYEES agree."""
    words = re.sub(r"__[cr]\b", " ", fold(heading).strip())
    return re.sub(r"[\W_]+", "", words)


# Best first: when a file has several of them, the earliest is read.
_ALIASES: dict[str, str] = {
    "customer": """customer, customer name, account name, company name, account, company, organization, organisation,
        associated company (primary), organization name, organisation name, client, client name, business name,
        parent account, parent customer, associated company, employer, cliente, nombre del cliente, empresa, nombre
        de la empresa, compañía, cuenta, nombre de la cuenta, organización, kunde, kundenname, firma, firmenname,
        unternehmen, organisation name, client name, société, entreprise, nom de la société, nom du client, nom de
        l'entreprise, raison sociale, compte, nom du compte, nom de l'entreprise associée, entreprise associée,
        société associée, nom de l'organisation, unternehmensname, name des unternehmens, verknüpftes unternehmen,
        zugehöriges unternehmen, organisationsname, empresa asociada, nombre de la empresa asociada, nombre de la
        organización, organization - name, person - organization, deal - organization, azienda, ragione sociale, nome
        azienda, nome da conta, nome da empresa, bedrijfsnaam, klantnaam, 会社名, 顧客名, 取引先名, 企業名, 公司名称,
        客户名称, 회사명, 고객사, kunde/firma, name der firma, name 1, name1, geschäftspartnername, ragione sociale
        cliente, cliente/azienda, nome cliente, società, nome dell'azienda, nome do cliente, razão social,
        cliente/empresa, razón social, klant, bedrijf, organisatie, nazwa firmy, firma klienta, klient, nazwa
        klienta, företag, företagsnamn, kund, kundnamn, virksomhed, firmanavn, kundenavn, bedrift, yritys, asiakas,
        yrityksen nimi, название компании, компания, клиент, организация, наименование организации, şirket adı,
        şirket, firma adı, müşteri, müşteri adı, název firmy, společnost, zákazník, cégnév, ügyfél, εταιρεία,
        επωνυμία, اسم الشركة, الشركة, العميل, שם החברה, 企業, 顧客, 法人名, 貴社名, 御社名, 公司, 公司名, 企业名称,
        客户, 客戶名稱, 公司名稱, 업체명, 고객명, 기업명, 회사, organization 1 - name, accounts, companies,
        company_name, reference account, customer account, tên công ty, nama perusahaan""",
    "customer_domain": """customer domain, company domain name, associated company domain, account domain, domain,
        domain name, company domain, website, company website, web site, website url, account website, homepage,
        dominio, sitio web, página web, webseite, domaine, site web, site internet, domainname des unternehmens,
        unternehmensdomain, nom de domaine de l'entreprise, nombre de dominio de la empresa, organization - website,
        sito web, ウェブサイト, webサイト, internetseite, domain name (website), sito, site, strona www, hemsida,
        webbplats, сайт, web sitesi, 网站, 網站, 홈페이지, ホームページ""",
    "industry": """industry, industries, sector, vertical, industry vertical, account industry, company industry,
        primary industry, business sector, market sector, industria, sector industrial, rama, branche, industrie,
        wirtschaftszweig, secteur, secteur d'activité, ramo, settore, setor, organization - industry, 業種, 行业,
        업종, settore di attività, setor de atividade, ramo de atividade, sector de actividad, giro, bedrijfstak,
        sectornaam, branża, sektor, bransch, toimiala, отрасль, сфера деятельности, sektör, odvětví, iparág, القطاع,
        業界, 行業, 所属行业, 산업, 업계, reviewer industry, industria/sector""",
    "country": """country, account country, billing country, company country, country/region, mailing country,
        shipping country, headquarters, hq country, address 1: country/region, address1 country, billing country
        code, country code, country region, location, office location, hq, país, land, pays, pays/région, pays de
        facturation, pays/territoire, país de facturación, rechnungsland, land (rechnungsanschrift), land/region,
        land/gebiet, billing address country, address country, billing country/territory, billing country (text
        only), mailing country/territory, organization - country of address, organization - country, paese, paese di
        fatturazione, 国, 国家, 국가, nazione, paese/regione, país/região, pais, kraj, maa, страна, ülke, země,
        ország, χώρα, الدولة, البلد, 国名, 所在国, 國家, billing country/region, address 1 - country, home country,
        business country/region""",
    "region": """region, regions, sales region, territory, geo, geography, market, theater, world region, región,
        territorio, région, gebiet, vertriebsgebiet, área geográfica, regione, região, regio, регион, bölge, 地域,
        地区, 지역""",
    "size": """size, number of employees, employees, employee count, company size, customer size, no. of employees,
        num employees, num emp, employee range, number employees, headcount, staff, employee band, size band, tamaño,
        número de empleados, empleados, mitarbeiter, mitarbeiterzahl, anzahl mitarbeiter, unternehmensgröße,
        effectif, effectifs, nombre d'employés, nombre de salariés, taille, employés, anzahl der mitarbeiter, anzahl
        der beschäftigten, anzahl mitarbeitende, mitarbeitende, organization - number of employees, organization -
        employee count, dipendenti, numero di dipendenti, número de funcionários, aantal medewerkers, 従業員数,
        员工人数, n. dipendenti, numero dipendenti, nº de funcionários, funcionários, nº empleados, nº de empleados,
        n° empleados, plantilla, aantal werknemers, werknemers, liczba pracowników, antal anställda, anställda, antal
        medarbejdere, antal ansatte, henkilöstömäärä, количество сотрудников, число сотрудников, çalışan sayısı,
        počet zaměstnanců, 社員数, 企業規模, 員工人數, 公司规模, 직원수, nb salariés, nombre de collaborateurs,
        beschäftigte, company size (employees)""",
    "products": """products, product, products owned, product owned, installed products, products used, product used,
        product family, modules, productos, producto, produkte, produkt, produits, produit, prodotti, prodotto,
        produtos, produto, producten, produkty, produkter, продукты, ürünler, 製品, 产品, 제품""",
    "solutions": """solutions, use cases, use case, solution area, solution areas, solution, topics, topic,
        soluciones, casos de uso, caso de uso, lösungen, anwendungsfall, anwendungsfälle,
        cas d'usage, cas d'utilisation""",
    "tier": """tier, account tier, customer tier, customer segment, account segment, segment, nivel, stufe, segmento""",
    "health": """health, customer health, account health, health status, health score, health color, health colour,
        rag status, salud, gesundheit, santé""",
    "renewal_date": """renewal date, renewal, contract renewal date, next renewal, next renewal date, contract end
        date, contract end, subscription end date, subscription end, fecha de renovación, renovación,
        verlängerungsdatum, vertragsende, date de renouvellement, renouvellement, fin de contrat, data di rinnovo,
        rinnovo, scadenza contratto, data de renovação, renovação, fim do contrato, vencimiento, fecha de
        vencimiento, verlengingsdatum, einddatum contract, data odnowienia, förnyelsedatum, avtalsslut,
        fornyelsesdato, дата продления, окончание договора, yenileme tarihi, 更新日, 契約更新日, 契約終了日,
        续约日期, 到期日, 갱신일, nächste verlängerung, échéance, date d'échéance""",
    "annual_value": """annual value, arr, acv, annual contract value, annual recurring revenue, contract value, yearly
        value, valor anual, jahreswert, jahresumsatz mit kunde, valeur annuelle, valore annuo, valore annuale,
        jaarwaarde, wartość roczna, årligt värde, auftragswert p.a., jahresumsatz mit uns, annualized value, total
        arr, current arr""",
    "currency": """currency, arr currency, acv currency, annual contract value currency, annual value currency,
        currency iso code, currency code, account currency, transaction currency, moneda, divisa,
        währung, devise, monnaie, valuta, moeda, waluta, para birimi, валюта, 通貨, 货币, 통화, měna""",
    "account_owner": """account owner, company owner, customer owner, account manager, owner, owner name, account
        owner name, customer success manager, csm, account executive, contact owner, propietario de la cuenta,
        responsable de cuenta, gestor de cuenta, kundenbetreuer, inhaber, responsable du compte, chargé de compte,
        propriétaire du compte, propriétaire de l'entreprise, propietario de cuenta, propietario de la empresa,
        accountinhaber, kontoinhaber, zuständiger mitarbeiter für unternehmen, organization - owner""",
    "promoter": """promoter, customer contact, client contact, key contact, champion, contact name, full name,
        contact, contact person, primary contact, reference contact, advocate, speaker, speaker name, person, person
        name, reference name, persona de contacto, nombre completo, nombre del contacto, contacto, ansprechpartner,
        ansprechpartnerin, kontakt, kontaktperson, vollständiger name, personne de contact, nom complet,
        interlocuteur, promotor, person - name, nom du contact, nombre y apellidos, kontaktname, nome completo,
        担当者, 氏名, 联系人, 담당자, referente, nome referente, persona di riferimento, nome do contato, contato,
        nome do contacto, nome completo do contato, pessoa de contato, persona de contacto principal, contactpersoon,
        contact persoon, naam contactpersoon, osoba kontaktowa, kontakt (imię i nazwisko), imię i nazwisko,
        kontaktperson (namn), kontaktnamn, kontaktnavn, yhteyshenkilö, контактное лицо, контакт, фио, yetkili kişi,
        yetkili, ilgili kişi, ad soyad, kontaktní osoba, kapcsolattartó, υπεύθυνος, جهة الاتصال, اسم جهة الاتصال,
        担当者名, ご担当者名, お名前, 連絡先, 联系人姓名, 聯絡人, 姓名, 담당자명, 성명, 이름, reviewer, reviewer
        name, respondent, respondent name, name des ansprechpartners""",
    "first_name": """first name, given name, firstname, forename, nombre, nombre de pila, vorname, prénom, person -
        first name, nome, primeiro nome, voornaam, imię, förnamn, fornavn, etunimi, имя, jméno, keresztnév, 名""",
    "last_name": """last name, family name, surname, lastname, apellido, apellidos, nachname, familienname, nom de
        famille, nom, person - last name, cognome, sobrenome, achternaam, nazwisko, efternamn, etternavn, efternavn,
        sukunimi, фамилия, soyadı, soyad, příjmení, vezetéknév, 姓, último nome""",
    "title": """title, job title, contact title, position, job position, person title, cargo, puesto, título,
        berufsbezeichnung, stellenbezeichnung, titel, intitulé du poste, poste, fonction, person - job title, titre
        du poste, titre, puesto de trabajo, 役職, 职位, 직책, ruolo, ruolo aziendale, qualifica, posizione, função,
        functie, functietitel, stanowisko, befattning, stilling, titteli, должность, ünvan, unvan, pozisyon, pozice,
        beosztás, المسمى الوظيفي, 肩書, 肩書き, お役職, 职务, 職稱, 職位, 직위, organization title, organization 1 -
        title, job role, primary contact title""",
    "role": """role, department, job function, function, persona, buying role, rol, departamento, rolle, abteilung,
        funktion, rôle, département, service, reparto, funzione, area aziendale, afdeling, dział, avdelning,
        afdeling/functie, отдел, departman, 部署, 部门, 부서, organization department, organization 1 - department""",
    "seniority": """seniority, seniority level, job level, management level, level""",
    "email": """email, e-mail, email address, e-mail address, contact email, work email, business email, email
        address 1, emailaddress1, primary email, correo, correo electrónico, dirección de correo electrónico,
        e-mail-adresse, email-adresse, mailadresse, courriel, adresse e-mail, adresse mail, mail, person - email -
        work, person - email, email (primary contact), primary contact email, email (work), メール, メールアドレス,
        电子邮件, 이메일, emails, e-mails, email 1, e-mail 1 - value, email 1 - value, e-mailadres, adres e-mail,
        e-post, e-postadress, sähköposti, электронная почта, эл. почта, почта, e-posta, e-posta adresi, emailová
        adresa, e-mail cím, البريد الإلكتروني, דוא"ל, eメール, 电子邮箱, 邮箱, 電子郵件, 메일, 이메일 주소, endereço
        de e-mail, correo electronico, correo-e, indirizzo e-mail, indirizzo email, posta elettronica, dirección de
        email, e-mail (geschäftlich), email professionnel, person - email - home, person - email - other, email 2,
        e-mail 2 address, secondary email, email address 2, emailaddress2, e-mail 2 - value""",
    "phone": """phone, phone number, business phone, work phone, contact phone, telephone, telephone 1, mobile phone,
        mobile phone number, mobile, telephone number, teléfono, número de teléfono, móvil, telefon, telefonnummer,
        mobiltelefon, téléphone, numéro de téléphone, portable, person - phone - work, person - phone, person - phone
        - mobile, phone (work), mobil, mobilnummer, handy, téléphone mobile, téléphone portable, teléfono móvil,
        電話番号, 电话, 전화번호, phone 1 - value, telefono, numero di telefono, cellulare, telefone, telemóvel,
        celular, número de telefone, telefoonnummer, telefoon, mobiel, numer telefonu, telefonszám, puhelin, телефон,
        моб. телефон, telefon no, cep telefonu, رقم الهاتف, 電話, 携帯電話, 电话号码, 手机, 電話號碼, 연락처, 휴대폰,
        business phone 2, office phone, work phone #, direct phone, telefon geschäftlich, person - phone - home,
        mobile phone #, phone 2 - value, primary_contact_primary_phone""",
    "languages": """languages, language, preferred language, spoken languages, language code, idioma, idiomas,
        sprache, sprachen, langue, langues, lingua, língua, linguagem, taal, język, språk, sprog, язык, dil, 言語,
        语言, 언어, user language""",
    "activities": """activities, reference activities, agreed activities, willing to, willing to do, reference types,
        reference type, activity, actividades, aktivitäten, activités, reference activities allowed, allowed
        activities, ref types, willing to participate in""",
    "max_per_quarter": """max per quarter, maximum per quarter, limit per quarter, calls per quarter, max calls per
        quarter, quarterly limit, máximo por trimestre, maximal pro quartal, maximum par trimestre, max requests per
        quarter, requests per quarter, maximum requests per quarter""",
    "nps": """nps, nps score, nps rating, likelihood to recommend, likely to recommend, net promoter score, score,
        rating, recommendation score, how likely are you to recommend us, survey score, puntuación, puntuación nps,
        weiterempfehlung, note nps""",
    "nps_comment": """nps comment, comment, comments, survey comment, feedback, free text, reason for score, verbatim,
        comentario, comentarios, kommentar, commentaire, commentaires, commento, opmerking, komentarz, комментарий,
        コメント, 评论, commentaire client, begründung""",
    "nps_date": """nps date, survey date, response date, responded at, date of response, submitted at, answered at,
        date submitted, fecha de respuesta, fecha de la encuesta, umfragedatum, antwortdatum, date de réponse""",
    "story_id": """story id, case study id""",
    "story_title": """story title, case study title, case study, story, success story, headline, titre du
        témoignage""",
    "story_url": """story url, case study url, story link, case study link, link, story page, page url""",
    "challenge": """challenge, challenges, problem, situation, business challenge, desafío, reto, herausforderung,
        défi, enjeu""",
    "solution_text": """solution text, solution description, our solution""",
    "results": """results, result, outcome, outcomes, benefits, impact, resultados, resultado, ergebnis, ergebnisse,
        nutzen, résultat, résultats""",
    "quote": """quote, quote text, customer quote, testimonial, citation, testimonio, cita, zitat, témoignage, pull
        quote, quotation, customer testimonial, depoimento, citaat""",
    "quote_by": """quote by, quote person, quoted person, quote author, quote name, spokesperson, said by, quote
        attribution, attribution, quote source, quoted by""",
    "quote_title": """quote title, quote person title, quote author title, quote role""",
    "consent": """consent, consents, approved uses, approved for, permission, permissions, consent scope,
        referenceable for, consentimiento, einwilligung, consentement, autorisation""",
    "consent_until": """consent until, consent expires, consent expiry, consent end, consent end date, permission
        until, approved until""",
    "opted_out": """opted out, opt out, opted-out, has opted out, do not contact, do not call or mail, contact opt
        out, opted out of references, reference opt out, do not use as reference, has opted out of email, email opt
        out, e-mail opt out, opted out of email, email opted out, opt-out email, unsubscribed, unsubscribed from all
        email, do not email, do not allow emails, do not bulk email, donotemail, donotcontact, nicht kontaktieren,
        werbesperre, kontaktsperre, abgemeldet, keine e-mails, ne pas contacter, désinscrit, désabonné, no contactar,
        cancelado, não contatar, non contattare, black listed, blacklisted""",
    "reference_status": """reference status, reference program status, reference programme status, reference state,
        reference availability, referenceability, referenceable, is referenceable, referencable, referenceable?,
        reference ready, reference readiness, reference ok, reference approved, is reference, is a reference,
        can be reference, can be referenced, may be referenced, reference permission, willing to be a reference,
        willing to be reference, willing to act as reference, willing to act as a reference, ok as reference,
        open to being a reference, publicly referenceable, advocate status, advocacy status, advocate program status,
        champion status, referenzstatus, referenzfähig, referenzierbar, referenz möglich, als referenz nutzbar,
        statut de référence, référençable, estado de referencia, referenciable""",
    "customer_status": """customer reference status, account reference status, company reference status,
        referenceable account, referenceable customer, account referenceable, customer referenceable,
        reference customer, referenzkunde, client référençable, cliente referenciable""",
    "deleted": """is deleted, deleted, archived, is archived, statecode, state code, record deleted, record archived,
        deleted at, deleted on, date deleted, deletion date, archived at, archived on, date archived, deleted date,
        isarchived, is deleted?, status (statecode), in trash, trashed, gelöscht, archiviert, löschkennzeichen,
        supprimé, archivé, eliminado, archivado, 削除済み, 削除フラグ""",
    "external_id": """external id, record id, crm id, contact id, person id, lead id, datensatz-id, id de fiche
        d'informations, id de registro, id de l'enregistrement, person - id, (do not modify) contact, kontakt-id,
        record id - contact, contact external id, sfdc_contact_id, salesforce contact id, copper id""",
    "event": """event, event name, conference, conference name, meetup, evento, conferencia, veranstaltung, konferenz,
        événement, conférence""",
    "event_date": """event date, talk date, date of talk, date of event, session date, veranstaltungsdatum, fecha del
        evento""",
    "talk_title": """talk title, talk, session title, session, presentation title, presentation, vortrag,
        vortragstitel, charla, ponencia""",
    "event_format": """event format, talk format, session format, session type""",
    "audience": """audience, talk level, audience level, target audience""",
    "abstract": """abstract, talk abstract, session abstract""",
    "video_url": """video url, video link, video, recording, recording url, recording link, youtube url""",
    "slot_id": """slot id, talk id, session id""",
    "customer_id": """customer id, account id, company id, associated company ids (primary), associated company id
        (primary), associated company id, parent account id, parent customer id, associated company ids, primary
        associated company id, account number, id de cuenta, kundennummer, organization id, organization - id, account
        name id, (do not modify) account, company name (id), id du compte, accountnummer, zugehörige unternehmens-id,
        id de entreprise associée, id de empresa asociada, customer number, client number, client id, numéro client,
        n° client, número de cliente, codice cliente, klantnummer, numer klienta, geschäftspartner, debitor,
        debitorennummer, primary company id, sfdc account id, salesforce account id, crm account id, sfdc_account_id,
        account external id, codigo de cliente, código do cliente, 顧客番号, 客户编号""",
}

# More that CRM exports write in full, where a general alias would be wrong.
_DATED = ("createdate", "createddate", "lastmodifieddate", "lastactivitydate", "systemmodstamp", "lastvieweddate")

ALIASES: dict[str, tuple[str, int]] = {}  # squeezed name → (field, preference within the field: 0 is best)
for _field, _names in _ALIASES.items():
    for _rank, _name in enumerate([_field, *_names.split(",")]):
        ALIASES.setdefault(squeeze(_name), (_field, _rank))
for _field in FIELDS:
    ALIASES[squeeze(_field)] = (_field, 0)
PLAIN_NAMES: frozenset[str] = frozenset(
    " ".join(name.split()) for names in _ALIASES.values() for name in names.split(",")
)

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
EVERY_MARKER: frozenset[str] = frozenset().union(*MARKERS.values())
