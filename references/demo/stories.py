"""Makes what the promoters of the demonstration program have given: case studies, quotes, videos and reviews."""

from dataclasses import dataclass, field
from random import Random

from references.demo.products import Product
from references.demo.setting import Member, Person, Setting, external_id, pick_weighted
from references.demo.trade_texts import Metric, TradeTexts, load_trade_texts
from references.enums import ContactStatus, ContentStatus, TestimonialKind
from references.models import CaseStudy, CaseStudyTag, ProofPoint, Testimonial, TestimonialTag

STORIES = 150
QUOTES = 300
_TITLES = (
    "How {customer} brought {metric} from {before} to {after}",
    "{customer}: {metric} at {after}, with {product}",
    "From {before} to {after}: {metric} at {customer}",
    "{customer} trusts {product} with {metric}",
)
_BRIDGES = ("", "", "", "", "In short: ", "Two years on: ", "What I tell my peers: ")


@dataclass
class Shelf:
    """Stories and testimonials with their tags, and the proof points they rest on."""

    stories: list[CaseStudy] = field(default_factory=list)
    story_tags: list[CaseStudyTag] = field(default_factory=list)
    quotes: list[Testimonial] = field(default_factory=list)
    quote_tags: list[TestimonialTag] = field(default_factory=list)
    proof_points: list[ProofPoint] = field(default_factory=list)
    tellers: list[Member] = field(default_factory=list)


def make_shelf(setting: Setting, members: list[Member]) -> Shelf:
    """Make 150 stories and 300 testimonials of customers that may be named."""
    shelf = Shelf()
    _add_stories(setting, shelf, members)
    _add_quotes(setting, shelf, members)
    return shelf


def _add_stories(setting: Setting, shelf: Shelf, members: list[Member]) -> None:
    rng = setting.chance("stories")
    texts = load_trade_texts()
    able = [each for each in members if each.trade.code in texts and each.row.is_named and each.people]
    chosen = [*rng.sample(able, STORIES - 30), *rng.sample(able, 30)]
    shelf.tellers = list({id(member): member for member in chosen}.values())
    for number, member in enumerate(chosen, start=1):
        trade = texts[member.trade.code]
        product = rng.choice(member.products)
        challenge, metric = rng.choice(list(zip(trade.challenges, trade.metrics, strict=True)))
        point = _measure(rng, member, metric)
        story = _tell(rng, member, trade, product, challenge, point)
        story.external_id = external_id("story", number)
        story.url = f"https://demo.example/stories/{number}"
        story.status = pick_weighted(
            rng,
            [ContentStatus.PUBLISHED, ContentStatus.APPROVED, ContentStatus.DRAFT, ContentStatus.WITH_CUSTOMER,
             ContentStatus.EXPIRED],
            [76, 9, 7, 5, 3],
        )  # fmt: skip
        if story.status in {ContentStatus.PUBLISHED, ContentStatus.EXPIRED}:
            story.published_on = setting.day(rng.randint(10, 1000))
        shelf.stories.append(story)
        shelf.proof_points.append(point)
        for key in _tags_of(member, product):
            shelf.story_tags.append(CaseStudyTag(case_study=story, tag=setting.tag(*key)))


def _measure(rng: Random, member: Member, metric: Metric) -> ProofPoint:
    before, after = rng.randint(*metric.before), rng.randint(*metric.after)
    return ProofPoint(
        customer=member.row,
        metric=metric.name,
        before=f"{before:,} {metric.before_unit}".strip(),
        after=f"{after:,} {metric.after_unit}".strip(),
    )


def _tell(
    rng: Random, member: Member, trade: TradeTexts, product: Product, challenge: str, point: ProofPoint
) -> CaseStudy:
    name, metric = member.row.name, point.metric
    named = {"customer": name, "metric": metric, "before": point.before, "after": point.after, "product": product.name}
    people = [person for person in member.people if person.row.status == ContactStatus.ACTIVE]
    teller = rng.choice(people).row if people and rng.random() < 0.7 else None
    change = f"{metric[0].upper()}{metric[1:]}: from {point.before} to {point.after}."
    return CaseStudy(
        customer=member.row,
        contact=teller,
        title=rng.choice(_TITLES).format(**named),
        challenge=f"{challenge.format(customer=name)} {rng.choice(product.problems)}",
        solution_text=f"{rng.choice(product.answers)} {rng.choice(trade.uses)}",
        results=f"{change} {rng.choice(product.gains)} {rng.choice(trade.closers).format(customer=name)}",
    )


def _tags_of(member: Member, product: Product) -> list[tuple[str, str]]:
    """The customer's tags, of its products the one told about, and of its solutions those that this product serves."""
    served = {("solution", slug) for slug in (*product.solutions, *member.trade.extra_solutions)}
    return [
        key
        for key in member.tags
        if key[0] in {"industry", "region"} or key == ("product", product.slug) or key in served
    ]


def _add_quotes(setting: Setting, shelf: Shelf, members: list[Member]) -> None:
    rng = setting.chance("quotes")
    texts = load_trade_texts()
    able = [
        person
        for member in members
        if member.trade.code in texts and member.row.is_named
        for person in member.people
        if person.row.status in {ContactStatus.ACTIVE, ContactStatus.PAUSED} and "quote" in person.row.activities
    ]
    said: set[str] = set()
    for number, person in enumerate(rng.sample(able, QUOTES), start=1):
        product = rng.choice(person.member.products)
        quote = _quote(setting, rng, person, _choose_words(rng, texts[person.member.trade.code], product, said), number)
        shelf.quotes.append(quote)
        for key in _tags_of(person.member, product):
            shelf.quote_tags.append(TestimonialTag(testimonial=quote, tag=setting.tag(*key)))


def _choose_words(rng: Random, trade: TradeTexts, product: Product, said: set[str]) -> str:
    """One or two sentences that nobody else has said like this."""
    while True:
        first, second = rng.choice(product.praise), rng.choice(trade.quotes)
        if rng.random() < 0.5:
            first, second = second, first
        words = f"{rng.choice(_BRIDGES)}{first} {second}" if rng.random() < 0.85 else first
        if words not in said:
            said.add(words)
            return words


def _quote(setting: Setting, rng: Random, person: Person, words: str, number: int) -> Testimonial:
    kinds = [TestimonialKind.QUOTE]
    kinds += [TestimonialKind.VIDEO] if "video" in person.row.activities else []
    kinds += [TestimonialKind.REVIEW] if "review" in person.row.activities else []
    kind = pick_weighted(rng, kinds, [8, 2, 2][: len(kinds)])
    status = pick_weighted(rng, [ContentStatus.PUBLISHED, ContentStatus.APPROVED, ContentStatus.DRAFT], [72, 14, 14])
    return Testimonial(
        customer=person.member.row,
        contact=person.row,
        external_id=external_id("quote", number),
        kind=kind,
        text=words,
        said_by=person.row.name,
        said_by_title=person.row.title.split(",")[0],
        status=status,
        published_on=setting.day(rng.randint(5, 900)) if status == ContentStatus.PUBLISHED else None,
        url="" if kind == TestimonialKind.QUOTE else f"https://demo.example/{kind}/{number}",
    )
