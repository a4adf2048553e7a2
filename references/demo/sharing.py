"""Shares the demonstration's pieces: on the public wall and another site, with its visitors, and on a hand-out."""

from datetime import timedelta
from random import Random
from uuid import UUID

from delivery.links import issue_link
from references.demo import COMPANY, PREFIX
from references.demo.setting import Setting, at
from references.enums import Channel, ContentNoun, Look, PublicEvent
from references.handouts import PURPOSE, subject_of
from references.models import CaseStudy, Embed, Handout, HandoutItem, Lead, ProofPoint, PublicCount, Testimonial
from references.rights import Use, usable_case_studies, usable_proof_points, usable_testimonials
from references.services.wall import place_of

DAYS = 30
EMBEDDED = (26, 15)
"""Since how many days the embeds are on their sites."""
EMBEDS = (UUID("5b0c7a52-6a1e-4f0e-9d3b-0d6f5a1c2e01"), UUID("5b0c7a52-6a1e-4f0e-9d3b-0d6f5a1c2e02"))
_LEADS = (
    ("Ingrid Solheimer", "ingrid.solheimer@fjordmark.example", "Fjordmark Shipping", 4,
     "We look at the same move next year. May I speak with somebody who has done it at our size?"),
    ("Pawel Drozdek", "p.drozdek@wistula.example", "Wistula Foods", 19,
     "How long did the first plant take, from the contract to the first shift?"),
)  # fmt: skip


def share_pieces(setting: Setting) -> None:
    """Write embeds, counts of the past 30 days, two leads, and a hand-out with its link, of what may be used today."""
    use = Use(on=setting.today, channel=Channel.WEB)
    quotes = list(usable_testimonials(Testimonial.objects.order_by("pk"), use)[:16])
    stories = list(usable_case_studies(CaseStudy.objects.order_by("pk"), use)[:6])
    embeds = _make_embeds(setting, quotes[3])
    _make_counts(setting, embeds, quotes[:6], stories[:4])
    _make_leads(setting, embeds[0], quotes[0])
    _make_handout(setting, quotes[6:9], stories[4:6])


def _make_embeds(setting: Setting, quote: Testimonial) -> tuple[Embed, Embed]:
    wall = Embed(pk=EMBEDS[0], name="Partner portal", most=6, made_by=setting.keeper, has_lead_form=True)
    wall.sites = ["https://partners.demo.example"]
    card = Embed(pk=EMBEDS[1], name="Card in the newsletter archive", made_by=setting.keeper, theme=Look.LIGHT)
    card.piece_noun, card.piece_id = ContentNoun.TESTIMONIAL, quote.pk
    Embed.objects.bulk_create([wall, card])
    for embed, ago in zip((wall, card), EMBEDDED, strict=True):
        Embed.objects.filter(pk=embed.pk).update(made_at=at(setting.day(ago), 11))
    return wall, card


def _make_counts(
    setting: Setting, embeds: tuple[Embed, Embed], quotes: list[Testimonial], stories: list[CaseStudy]
) -> None:
    rng = setting.chance("counts")
    pieces = [(ContentNoun.TESTIMONIAL, each.pk) for each in quotes]
    pieces += [(ContentNoun.CASE_STUDY, each.pk) for each in stories]
    rows: list[PublicCount] = []
    for ago in range(DAYS):
        day, is_quiet = setting.day(ago), setting.day(ago).weekday() > 4
        most = 12 if is_quiet else 48
        rows.append(PublicCount(day=day, event=PublicEvent.VIEW, count=rng.randint(most // 2, most)))
        for embed, since in zip(embeds, EMBEDDED, strict=True):
            if ago < since:
                rows += _count_piece(rng, day=day, place=place_of(embed))
        for noun, pk in rng.sample(pieces, 2 if is_quiet else 5):
            rows += _count_piece(rng, day=day, noun=noun, piece_id=pk)
    for place, (_, _, _, ago, _) in zip((place_of(embeds[0]), ""), _LEADS, strict=True):
        rows.append(PublicCount(day=setting.day(ago), event=PublicEvent.LEAD, place=place, count=1))
    PublicCount.objects.bulk_create(rows)


def _count_piece(rng: Random, **key: object) -> list[PublicCount]:
    views, clicks = rng.randint(2, 14), rng.randint(0, 3)
    rows = [PublicCount(**key, event=PublicEvent.VIEW, count=views)]
    return [*rows, PublicCount(**key, event=PublicEvent.CLICK, count=clicks)] if clicks else rows


def _make_leads(setting: Setting, wall: Embed, quote: Testimonial) -> None:
    agreed_to = f"{COMPANY} may keep what I wrote and write to me about it. I can take this back at any time."
    for number, (name, email, company, ago, message) in enumerate(_LEADS):
        Lead.objects.create(
            name=name, email=email, company=company, message=message, agreed_to=agreed_to,
            embed=None if number else wall, agreed_at=at(setting.day(ago), 14, 8),
            creation_key=f"{PREFIX}lead:{number}",
            noun=ContentNoun.TESTIMONIAL if number == 0 else "", piece_id=quote.pk if number == 0 else 0,
            handed_over_at=at(setting.day(ago - 1), 9) if number else None,
        )  # fmt: skip


def _make_handout(setting: Setting, quotes: list[Testimonial], stories: list[CaseStudy]) -> None:
    handout = Handout.objects.create(
        title="What changed for others, in their words",
        intro="Chosen for our meeting. Ask us for a call with any of them once you have read on.",
        channel=Channel.SALES,
        made_by=setting.keeper,
        made_at=at(setting.day(5), 16, 40),
        views=7,
    )
    use = Use(on=setting.today, channel=Channel.SALES)
    sold = usable_testimonials(Testimonial.objects.filter(pk__in=[each.pk for each in quotes]).order_by("pk"), use)
    told = usable_case_studies(CaseStudy.objects.filter(pk__in=[each.pk for each in stories]).order_by("pk"), use)
    points = usable_proof_points(ProofPoint.objects.exclude(how_measured="").exclude(currency="").order_by("pk"), use)
    chosen: list[dict[str, int]] = [{"testimonial_id": each.pk} for each in sold]
    chosen += [{"case_study_id": each.pk} for each in told]
    chosen += [{"proof_point_id": each.pk} for each in points[:1]]
    HandoutItem.objects.bulk_create(
        HandoutItem(handout=handout, place=place, **picked) for place, picked in enumerate(chosen)
    )
    issue_link(purpose=PURPOSE, subject=subject_of(handout), lifetime=timedelta(days=25))
