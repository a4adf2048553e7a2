"""What search engines read beside the text: schema.org's Quotation, Review and Article, without invented ratings."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from references.enums import ContentNoun, TestimonialKind
from references.wall_pieces import Piece

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def describe_piece(piece: Piece, address: str) -> SafeString:
    """The piece as JSON-LD, safe inside a script element."""
    data = {"@context": "https://schema.org", **_own(piece), "url": address, "inLanguage": piece.language}
    if piece.published_on:
        data["datePublished"] = piece.published_on.isoformat()
    return _write(data)


def describe_wall(pieces: list[tuple[Piece, str]]) -> SafeString:
    """The pieces of one page as a list in JSON-LD."""
    items = [
        {"@type": "ListItem", "position": place, "url": address, "name": piece.summary}
        for place, (piece, address) in enumerate(pieces, start=1)
    ]
    return _write({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items})


def _own(piece: Piece) -> dict[str, Any]:
    if piece.noun == ContentNoun.CASE_STUDY:
        program = _organization(settings.PROGRAM_NAME)
        body = "\n\n".join(part for part in (piece.challenge, piece.solution, piece.results) if part)
        return {
            "@type": "Article",
            "headline": piece.title,
            "articleBody": body,
            "author": program,
            "publisher": program,
            **_about(piece),
        }
    if piece.kind == TestimonialKind.REVIEW:
        return {"@type": "Review", "reviewBody": piece.text, "itemReviewed": _item(piece), "author": _speaker(piece)}
    return {"@type": "Quotation", "text": piece.text, "spokenByCharacter": _speaker(piece), **_about(piece)}


def _about(piece: Piece) -> dict[str, Any]:
    return {"about": _item(piece)} if piece.product else {}


def _item(piece: Piece) -> dict[str, Any]:
    """The product it is about, where it is tagged with one; else whose program this is."""
    if not piece.product:
        return _organization(settings.PROGRAM_NAME)
    return {"@type": "Product", "name": piece.product, "brand": {"@type": "Brand", "name": settings.PROGRAM_NAME}}


def _speaker(piece: Piece) -> dict[str, Any]:
    """The person by name where it may be told, else as they are described."""
    if not (piece.is_named and piece.said_by):
        return _organization(piece.customer) if piece.is_named else {"@type": "Person", "description": piece.who}
    person = {"@type": "Person", "name": piece.said_by, "worksFor": _organization(piece.customer)}
    return {**person, "jobTitle": piece.said_by_title} if piece.said_by_title else person


def _organization(name: str) -> dict[str, Any]:
    return {"@type": "Organization", "name": name}


def _write(data: dict[str, Any]) -> SafeString:
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 - escaped as json_script does
