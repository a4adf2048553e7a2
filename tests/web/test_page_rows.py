"""Rows that are written without a template: what users wrote is escaped, and what is chosen or lost is told apart."""

from matching.results import Term
from web.facets import FacetItem
from web.templatetags.pages import facet_rows, score_rows


def test_rows_of_a_facet_escape_names_and_mark_what_is_chosen() -> None:
    plain = FacetItem("a", "Oil & <gas>", 12, False, 2, "/?on=a&b=1")
    chosen = FacetItem("b", "Banking", 3, True, 0, "/?off=b")
    assert facet_rows([plain, chosen]) == (
        '<li class="depth-2"><a href="/?on=a&amp;b=1" rel="nofollow"><span>Oil &amp; &lt;gas&gt;</span>'
        '<span class="n">12</span></a></li>'
        '<li class="depth-0"><a href="/?off=b" rel="nofollow" aria-current="true"><span>Banking</span>'
        '<span class="n">3</span></a></li>'
    )
    assert facet_rows([]) == ""


def test_rows_of_a_score_tell_gains_losses_and_nothing_apart() -> None:
    rows = score_rows(
        [
            Term("industry", "Industry", 15.04, 25.0, "Oil <exact>"),
            Term("fatigue", "Fatigue", -6.25, 0.0, "tired"),
            Term("text", "Words", 0.0, 12.5, "none of these words"),
        ]
    )
    gain, loss, nothing = rows.strip().split("</div>\n")
    assert '<rect class="gain" width="60.2"' in gain
    assert '<span class="points">+15 <span class="of">of 25</span></span>' in gain
    assert "Oil &lt;exact&gt;" in gain
    assert '<rect class="loss" width="25.0"' in loss
    assert '<span class="points">−6.2</span>' in loss
    assert nothing.startswith('<div class="term term-none">')
    assert "of 12.5" in nothing
