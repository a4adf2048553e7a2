"""What the domain of an e-mail address says: somebody's company, a free mailbox, or one that is thrown away."""

FREE_DOMAINS = frozenset(
    """gmail.com googlemail.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr outlook.com outlook.de live.com live.de
    msn.com yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.co.jp ymail.com rocketmail.com icloud.com me.com mac.com
    aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de posteo.de mailbox.org proton.me
    protonmail.com pm.me tutanota.com tuta.io fastmail.com zoho.com mail.com mail.ru yandex.ru yandex.com bk.ru
    inbox.ru list.ru qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net orange.fr wanadoo.fr free.fr
    laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it bluewin.ch hispeed.ch btinternet.com sky.com
    virginmedia.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net shaw.ca rogers.com
    bigpond.com uol.com.br bol.com.br terra.com.br rediffmail.com wp.pl o2.pl onet.pl interia.pl seznam.cz
    abv.bg ukr.net hey.com duck.com""".split()
)
"""Mailboxes that anybody can have: such a domain says nothing of a company."""

DISPOSABLE_DOMAINS = frozenset(
    """mailinator.com guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.de sharklasers.com grr.la
    10minutemail.com 10minutemail.net tempmail.com temp-mail.org temp-mail.io tempmailo.com tempmail.plus
    throwawaymail.com trashmail.com trashmail.de trashmail.net wegwerfmail.de wegwerfemail.de yopmail.com yopmail.fr
    yopmail.net dispostable.com maildrop.cc mailnesia.com mailcatch.com mintemail.com getnada.com nada.email
    fakeinbox.com fakemail.net mohmal.com moakt.com emailondeck.com spamgourmet.com spam4.me mytemp.email
    burnermail.io discard.email mailpoof.com inboxkitten.com tempinbox.com tempr.email byom.de einrot.com
    spambog.com mailnull.com anonbox.net jetable.org 1secmail.com 1secmail.org 1secmail.net minuteinbox.com
    crazymailing.com luxusmail.org emailfake.com generator.email harakirimail.com mail-temp.com owlymail.com""".split()
)
"""Mailboxes that are thrown away after an hour."""


def fold_email(email: str) -> str:
    """An address as it is compared: no case, no spaces, and no "+tag" behind the name."""
    name, at, domain = email.strip().casefold().rpartition("@")
    if not at:
        return domain
    return f"{name.split('+', 1)[0] or name}@{domain.rstrip('.')}"


def domain_of(email: str) -> str:
    """The domain of an address, folded; empty where there is none."""
    _name, at, domain = fold_email(email).rpartition("@")
    return domain if at else ""


def fold_domain(domain: str) -> str:
    """A domain as it is compared: from an address of a page too, without "www."."""
    host = domain.strip().casefold().split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0].rstrip(".")
    return host.removeprefix("www.")


def is_within(domain: str, ancestors: frozenset[str]) -> bool:
    """Whether a folded domain is one of `ancestors` or lies below one ("mail.acme.test" below "acme.test")."""
    parts = domain.split(".")
    return any(".".join(parts[start:]) in ancestors for start in range(len(parts)))


def company_domain(email: str) -> str:
    """The domain of an address if it can be a company's: neither a free mailbox nor a thrown-away one, else empty."""
    domain = domain_of(email)
    return "" if not domain or is_within(domain, FREE_DOMAINS | DISPOSABLE_DOMAINS) else domain


def is_disposable(email: str) -> bool:
    """Whether the mailbox is one that is thrown away."""
    domain = domain_of(email)
    return bool(domain) and is_within(domain, DISPOSABLE_DOMAINS)


def is_same_company(one: str, other: str) -> bool:
    """Whether two folded domains are one company's: equal, or one below the other. Empty ones are nobody's."""
    if not one or not other:
        return False
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
