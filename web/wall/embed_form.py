"""The form of an embed."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from references.enums import Facet, Look
from references.models import Embed, Tag
from references.services.wall import MOST_PIECES, EmbedData
from references.wall import KINDS, find_piece, kind_label

_PIECE = re.compile(r"(case[-_]study|testimonial)[/-](\d{1,15})/?")
LANGUAGES = sorted((code, info["name"]) for code, info in LANG_INFO.items() if "name" in info and len(code) == 2)


class EmbedForm(forms.Form):
    """What an embed shows, how it looks, and who may frame it."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("For you: where it stands."))
    piece = forms.CharField(
        label=_("One piece only"),
        required=False,
        max_length=300,
        help_text=_("The address of a piece on the wall makes a card of it; empty makes a wall of what fits below."),
    )
    kind = forms.MultipleChoiceField(
        label=_("Kinds"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: all of them.")
    )
    product = forms.MultipleChoiceField(
        label=_("Products"), required=False, widget=forms.SelectMultiple({"data-picker": _("Type to add a tag…")})
    )
    industry = forms.MultipleChoiceField(
        label=_("Industries"), required=False, widget=forms.SelectMultiple({"data-picker": _("Type to add a tag…")})
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    used_in = forms.ChoiceField(
        label=_("Shown in"),
        required=False,
        help_text=_("The region of the site's readers: consents for that region alone count then, too."),
    )
    most = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_PIECES, initial=12)
    theme = forms.ChoiceField(label=_("Look"), choices=Look.choices, initial=Look.SYSTEM)
    sites = forms.CharField(
        label=_("Sites that may show it"),
        required=False,
        widget=forms.Textarea({"rows": 3, "placeholder": "https://www.example.com"}),
        help_text=_("One a line, with https://. Empty: every site."),
    )
    has_lead_form = forms.BooleanField(label=_("With a link to the form for visitors"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tags: dict[str, list[tuple[str, str]]] = {}
        wanted = [Facet.PRODUCT, Facet.INDUSTRY, Facet.REGION]
        for facet, slug, name in (
            Tag.objects.accepted().filter(facet__in=wanted).order_by("name").values_list("facet", "slug", "name")
        ):
            tags.setdefault(facet, []).append((slug, name))
        self._offer("kind", [(kind, kind_label(kind)) for kind in KINDS])
        self._offer("product", tags.get(Facet.PRODUCT, []))
        self._offer("industry", tags.get(Facet.INDUSTRY, []))
        self._offer("language", [("", _t("Any")), *LANGUAGES])
        self._offer("used_in", [("", _t("The whole world")), *tags.get(Facet.REGION, [])])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    @classmethod
    def initial_of(cls, row: Embed | None, query: Mapping[str, Any]) -> dict[str, Any]:
        """What the form starts with: the embed as it is, or the piece named in the address."""
        if row is None:
            return {"piece": str(query.get("piece", ""))}
        return {
            **row.filters,
            "name": row.name,
            "piece": f"{row.piece_noun}-{row.piece_id}" if row.piece_id else "",
            "most": row.most,
            "theme": row.theme,
            "sites": "\n".join(row.sites),
            "has_lead_form": row.has_lead_form,
        }

    def clean_piece(self) -> tuple[str, int] | None:
        """Read "/wall/testimonial/17/" or "testimonial-17"; the piece must be on the wall."""
        text = self.cleaned_data["piece"].strip()
        if not text:
            return None
        found = _PIECE.search(text)
        if found is None:
            raise ValidationError(_t("Paste the address of a piece on the wall."), code="no_piece")
        noun, number = found[1].replace("-", "_"), int(found[2])
        used_in = self.data.get("used_in", "")
        if find_piece(noun, number, used_in=used_in) is None:
            raise ValidationError(_t("This piece is not on the wall now."), code="no_piece")
        return noun, number

    @property
    def embed_data(self) -> EmbedData:
        """The cleaned form as the service takes it."""
        data = self.cleaned_data
        noun, piece_id = data["piece"] or ("", None)
        return {
            "name": data["name"],
            "filters": {name: data[name] for name in ("kind", "product", "industry", "language", "used_in")},
            "piece_noun": noun,
            "piece_id": piece_id,
            "most": data["most"],
            "theme": data["theme"],
            "sites": data["sites"].splitlines(),
            "has_lead_form": data["has_lead_form"],
        }
