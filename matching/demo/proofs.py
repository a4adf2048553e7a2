"""Deals of the demonstration for which a quote or a story was used before anybody was asked."""

from datetime import timedelta

from matching.demo.stage import Stage
from matching.models import ProofUse
from references.demo import PREFIX
from references.models import CaseStudy, Testimonial
from references.rights import Use, usable_case_studies, usable_testimonials

PROOFS = (
    ("sales", "Aldgate Mutual", "A quote on claims handling for their board paper.", "quote", 9, True),
    ("petra", "Brennholt Papier", "A story about planning in a mill, before we ask anybody.", "story", 17, True),
    ("sofie", "Cormorant Ferries", "Two sentences from a carrier on booking.", "quote", 26, False),
    ("owen", "Dunmore Building Society", "Somebody on mobile onboarding, in writing.", "quote", 41, True),
)


def tell_proofs(stage: Stage) -> int:
    """Write what was used; gives how many."""
    use = Use(on=stage.today)
    quotes = iter(usable_testimonials(Testimonial.objects.filter(kind="quote").order_by("id"), use)[:8])
    stories = iter(usable_case_studies(CaseStudy.objects.order_by("id"), use)[:8])
    for number, (who, deal, brief, kind, ago, was_enough) in enumerate(PROOFS):
        row = ProofUse.objects.create(
            user=stage.users[who],
            deal=deal,
            brief=brief,
            testimonial=next(quotes) if kind == "quote" else None,
            case_study=None if kind == "quote" else next(stories),
            was_enough=was_enough,
            creation_key=f"{PREFIX}proof:{number}",
        )
        stage.past.date(row, used_at=stage.now - timedelta(days=ago))
    return len(PROOFS)
