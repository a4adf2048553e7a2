"""Writes the vocabulary: tags are made, proposed, accepted, rejected, renamed and re-parented, with their synonyms."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from references.enums import Facet, TagStatus
from references.errors import DomainError
from references.lifecycles import TAG
from references.models import (
    CaseStudyTag,
    ContactTag,
    CustomerTag,
    Tag,
    TagContainment,
    TagSynonym,
    TestimonialTag,
)
from references.pool.gate import Touched
from references.pool.writing import pool_write
from references.services.inference import promise_inference
from references.services.saving import record_change, save_checked
from references.synonyms import parse_synonym
from references.text import fold, fold_name
from users.models import User

_SLUG_LENGTH = 120


def create_tag(
    *,
    facet: str,
    name: str,
    parent: Tag | None = None,
    synonyms: Iterable[str] = (),
    also_in: Iterable[Tag] = (),
    slug: str = "",
    status: str = TagStatus.ACCEPTED,
    by: User | None = None,
) -> Tag:
    """Make a tag. Raises DomainError: unknown_facet, name_required, duplicate_tag, wrong_facet, duplicate_synonym."""
    TAG.require_initial(status)
    name = " ".join(name.split())
    slug = slug or make_slug(name)
    _check_new(facet, name, slug)
    with pool_write() as touched:
        _require_facet(facet, [*also_in, *([parent] if parent else [])])
        tag = Tag(facet=facet, slug=slug, name=name, parent=parent, status=status)
        save_checked(tag)
        TagContainment.objects.bulk_create(TagContainment(tag=tag, container=each) for each in also_in)
        set_synonyms(tag=tag, texts=synonyms)
        record_change(subject=tag, before="", after=status, by=by)
        touched.add(vocabulary=True)
    return tag


def propose_tag(*, facet: str, name: str, by: User | None = None) -> Tag:
    """Give the tag that `name` means in this facet, or propose it for a manager to accept or merge.

    A name counts by folded name, slug or synonym; a merged tag stands for its target. Raises DomainError: tag_rejected
    for a name that a manager rejected, unknown_facet, name_required.
    """
    tag = find_tag(facet=facet, name=name)
    if tag is None:
        return create_tag(facet=facet, name=name, status=TagStatus.PROPOSED, by=by)
    if tag.status == TagStatus.REJECTED:
        raise DomainError("tag_rejected", f"The tag '{tag.name}' has been rejected.", "name")
    return tag


def find_tag(*, facet: str, name: str) -> Tag | None:
    """The tag of a facet whose name, slug or synonym folds to `name`, merges followed; None where there is none."""
    means = Q(slug=make_slug(name)) | Q(name__iexact=name.strip()) | Q(synonyms__folded=fold_synonym(name))
    tag = Tag.objects.filter(means, facet=facet).order_by("pk").select_related("merged_into").first()
    while tag is not None and tag.merged_into is not None:
        tag = tag.merged_into
    return tag


def accept_tag(*, tag: Tag, by: User | None = None, why: str = "") -> Tag:
    """Let a proposed or rejected tag count; raises DomainError(move_not_allowed)."""
    return _move(tag, TagStatus.ACCEPTED, by, why)


def reject_tag(*, tag: Tag, by: User | None = None, why: str = "") -> Tag:
    """Let a tag count no longer; rows that carry it keep it. Raises DomainError: move_not_allowed, has_children."""
    if tag.children.exclude(status__in=[TagStatus.MERGED, TagStatus.REJECTED]).exists():
        raise DomainError("has_children", "Other tags lie below this one; move them first.", "tag")
    return _move(tag, TagStatus.REJECTED, by, why)


def rename_tag(*, tag: Tag, name: str, by: User | None = None) -> Tag:
    """Give a tag another name, the old one staying a synonym; raises DomainError: name_required, duplicate_tag."""
    name = " ".join(name.split())
    _check_name(tag.facet, name, but=tag)
    with pool_write() as touched:
        before, tag.name = tag.name, name
        save_checked(tag, update_fields=["name"])
        if fold_synonym(before) != fold_synonym(name):
            _add_synonyms(tag, [before])
        record_change(subject=tag, before=tag.status, after=tag.status, by=by, why=f"renamed from {before}")
        touch_carriers(touched, tag)  # its name is among the words that its carriers are searched by
    return tag


def set_synonyms(*, tag: Tag, texts: Iterable[str]) -> Tag:
    """Let `texts` be exactly the tag's synonyms; raises DomainError(duplicate_synonym) where another tag means one."""
    wanted = {" ".join(text.split()): None for text in texts if parse_synonym(text).text}
    _check_synonyms(tag, wanted)
    with pool_write() as touched:
        tag.synonyms.exclude(text__in=wanted).delete()
        _add_synonyms(tag, wanted)
        touched.add(vocabulary=True)
        promise_inference(None)
    return tag


def reparent_tag(*, tag: Tag, parent: Tag | None, by: User | None = None) -> Tag:
    """Put a tag below another, or at the top; raises DomainError: wrong_facet, cycle, tag_gone (merged or rejected)."""
    with pool_write() as touched:
        list(Tag.objects.select_for_update(no_key=True).filter(facet=tag.facet).order_by("pk"))
        if parent is not None:
            _require_facet(tag.facet, [parent])
            if parent.status not in {TagStatus.ACCEPTED, TagStatus.PROPOSED}:
                raise DomainError("tag_gone", f"'{parent.name}' is {parent.status}.", "parent")
            require_not_within(parent, tag)
        tag.parent = parent
        tag.save(update_fields=["parent"])
        why = f"below {parent.name}" if parent else "to the top"
        record_change(subject=tag, before=tag.status, after=tag.status, by=by, why=why)
        touched.add(vocabulary=True)
    return tag


def set_containers(*, tag: Tag, containers: Iterable[Tag]) -> Tag:
    """Let a tag lie, beside its parent, in exactly these others (Germany in DACH); DomainError: wrong_facet, cycle."""
    containers = list(containers)
    _require_facet(tag.facet, containers)
    with pool_write() as touched:
        list(Tag.objects.select_for_update(no_key=True).filter(facet=tag.facet).order_by("pk"))
        for container in containers:
            require_not_within(container, tag)
        tag.containments.exclude(container__in=containers).delete()
        TagContainment.objects.bulk_create(
            (TagContainment(tag=tag, container=each) for each in containers), ignore_conflicts=True
        )
        touched.add(vocabulary=True)
    return tag


def lies_within(tag: Tag, top: Tag) -> bool:
    """Whether `tag` is `top` or lies below it, by parents or by containment; two queries."""
    edges: dict[int, set[int]] = {}
    for row in Tag.objects.filter(facet=top.facet).only("parent"):
        if row.parent_id is not None:
            edges.setdefault(row.pk, set()).add(row.parent_id)
    for edge in TagContainment.objects.filter(tag__facet=top.facet):
        edges.setdefault(edge.tag_id, set()).add(edge.container_id)
    waiting, seen = [tag.pk], {tag.pk}
    while waiting:
        each = waiting.pop()
        if each == top.pk:
            return True
        waiting.extend(edges.get(each, set()) - seen)
        seen |= edges.get(each, set())
    return False


def require_not_within(tag: Tag, top: Tag) -> None:
    """Raise DomainError(cycle) where `tag` is `top` or lies below it."""
    if lies_within(tag, top):
        raise DomainError("cycle", f"'{tag.name}' lies below '{top.name}'.", "parent")


def touch_carriers(touched: Touched, tag: Tag) -> None:
    """Note every customer that carries `tag`: itself, by a contact, or by what it has given."""
    touched.add(vocabulary=True)
    touched.add_all(CustomerTag.objects.filter(tag=tag).values_list("customer", flat=True))
    touched.add_all(ContactTag.objects.filter(tag=tag).values_list("contact__customer", flat=True))
    touched.add_all(CaseStudyTag.objects.filter(tag=tag).values_list("case_study__customer", flat=True))
    touched.add_all(TestimonialTag.objects.filter(tag=tag).values_list("testimonial__customer", flat=True))


def make_slug(name: str) -> str:
    """The folded words of a name joined by dashes: "Oil & Gas" → oil-gas."""
    return fold_name(name).replace(" ", "-")[:_SLUG_LENGTH].strip("-")


def fold_synonym(text: str) -> str:
    """A synonym folded for comparison, its marks left out."""
    return " ".join(fold(parse_synonym(text).text).split())


def _move(tag: Tag, to: str, by: User | None, why: str) -> Tag:
    with pool_write() as touched:
        row = Tag.objects.select_for_update(no_key=True).get(pk=tag.pk)
        TAG.require_move(row.status, to)
        before, row.status = row.status, to
        row.save(update_fields=["status"])
        record_change(subject=row, before=before, after=to, by=by, why=why)
        touch_carriers(touched, row)
        promise_inference(None)
    tag.status = to
    return tag


def _add_synonyms(tag: Tag, texts: Iterable[str]) -> None:
    rows = (TagSynonym(tag=tag, text=text, folded=fold_synonym(text)) for text in texts)
    TagSynonym.objects.bulk_create(rows, ignore_conflicts=True)


def _check_new(facet: str, name: str, slug: str) -> None:
    if facet not in Facet.values:
        raise DomainError("unknown_facet", f"There is no facet '{facet}'.", "facet")
    if not slug:
        raise DomainError("name_required", "A tag needs a name.", "name")
    if Tag.objects.filter(facet=facet, slug=slug).exists():
        raise DomainError("duplicate_tag", f"There is a tag '{name}' already.", "name")
    _check_name(facet, name)


def _check_name(facet: str, name: str, but: Tag | None = None) -> None:
    if not fold_name(name):
        raise DomainError("name_required", "A tag needs a name.", "name")
    live = Tag.objects.exclude(status=TagStatus.MERGED)
    if but is not None:
        live = live.exclude(pk=but.pk)
    if live.filter(facet=facet, name__iexact=name).exists():
        raise DomainError("duplicate_tag", f"There is a tag '{name}' already.", "name")


def _check_synonyms(tag: Tag, texts: Collection[str]) -> None:
    others = Tag.objects.filter(facet=tag.facet).exclude(pk=tag.pk).exclude(status=TagStatus.MERGED)
    taken = {fold_synonym(name) for name in others.values_list("name", flat=True)}
    taken |= set(TagSynonym.objects.filter(tag__in=others).values_list("folded", flat=True))
    taken -= set(tag.synonyms.values_list("folded", flat=True))  # what the vocabulary came with may stay
    for text in texts:
        if fold_synonym(text) in taken:
            raise DomainError("duplicate_synonym", f"Another tag goes by '{text}' already.", "synonyms")


def _require_facet(facet: str, tags: Iterable[Tag]) -> None:
    for tag in tags:
        if tag.facet != facet:
            raise DomainError("wrong_facet", f"'{tag.name}' belongs to another facet.", "parent")
