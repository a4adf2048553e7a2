"""Decides about many unknown words at once: looked at first, done in one go or by a job, and undone again."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from delivery.jobs import JobCancelledError, report_progress, start_job
from delivery.models import Job
from references.enums import TagStatus
from references.errors import DomainError
from references.models import SortedTerm, Tag, TagSorting
from references.pool.writing import pool_write
from references.services.sorting_undo import require_plain, take_record, undo_term
from references.services.tag_merging import merge_tag
from references.services.tags import accept_tag, propose_tag, reject_tag, reparent_tag
from references.services.unmapped import RAW_FIELDS, Unmapped, list_unmapped, rows_saying
from users.models import User

JOB_KIND = "sort_words"
MOST_AT_ONCE = 25
"""More words than this are sorted by a job."""

Verb = TagSorting.Verb


def plan_sorting(
    *, verb: str, keys: Iterable[str], target: Tag | None = None, least: float | None = None, by: User | None = None
) -> TagSorting:
    """Draft a decision about the words named, or about all whose suggestion is of confidence `least` and more.

    Words go to `target` where given, else each to its suggestion; where a suggestion is needed, those without one are
    left out, as are suggestions of another sense ("below" is no "same") for all at once. Raises DomainError:
    unknown_verb, nothing_chosen, wrong_facet.
    """
    if verb not in Verb.values:
        raise DomainError("unknown_verb", f"There is no decision '{verb}'.", "verb")
    wanted = set(keys)
    terms = [term for term in list_unmapped() if _is_wanted(term, wanted, least)]
    if target is not None and any(term.facet != target.facet for term in terms):
        raise DomainError("wrong_facet", f"'{target.name}' belongs to another facet.", "target")
    plan = [[term.key, term.text, _target_of(term, verb, target)] for term in terms]
    if verb in {Verb.MAP, Verb.BELOW}:
        plan = [row for row in plan if row[2]]
    if not plan:
        raise DomainError("nothing_chosen", "Choose words first; those to be mapped need a suggestion.", "keys")
    TagSorting.objects.filter(by=by, status=TagSorting.Status.DRAFT).delete()
    return TagSorting.objects.create(verb=verb, plan=plan, by=by)


def start_sorting(*, sorting: TagSorting, by: User | None = None) -> TagSorting:
    """Do what was drafted: a few words at once, many by a job. Raises DomainError(move_not_allowed) a second time."""
    with transaction.atomic():
        if not TagSorting.objects.filter(pk=sorting.pk, status=TagSorting.Status.DRAFT).update(
            status=TagSorting.Status.RUNNING
        ):
            raise DomainError("move_not_allowed", "This has been decided already.")
        if len(sorting.plan) > MOST_AT_ONCE:
            job = start_job(
                kind=JOB_KIND,
                title=f"{len(sorting.plan)} new words",
                parameters={"sorting": sorting.pk},
                requested_by=by,
            )
            TagSorting.objects.filter(pk=sorting.pk).update(job_id=job.pk)
    sorting.refresh_from_db()
    if sorting.job_id is None:
        sort_terms(sorting)
    return sorting


def sort_terms(sorting: TagSorting, on_progress: Callable[[int, int], None] | None = None) -> None:
    """Decide about each word in a transaction of its own; one that cannot be keeps why. Twice is as once."""
    done = set(sorting.terms.values_list("key", flat=True))
    for place, (key, text, target_id) in enumerate(sorting.plan):
        if on_progress is not None:
            on_progress(place, len(sorting.plan))
        if key in done:
            continue
        try:
            _sort_term(sorting, key, text, target_id)
        except DomainError as error:
            SortedTerm.objects.create(sorting=sorting, key=key, text=text, fault=error.message[:300])
    TagSorting.objects.filter(pk=sorting.pk).update(status=TagSorting.Status.DONE)
    sorting.refresh_from_db()


def undo_sorting(*, sorting: TagSorting, by: User | None = None) -> int:
    """Take a decision back, last word first; gives how many words are as before. Those that changed since keep why.

    Raises DomainError(nothing_to_undo) where that was done already, or is being done.
    """
    standing = TagSorting.objects.filter(pk=sorting.pk, status__in=[TagSorting.Status.DONE, TagSorting.Status.RUNNING])
    if not standing.update(status=TagSorting.Status.UNDONE):
        raise DomainError("nothing_to_undo", "There is nothing to undo.")
    undone = 0
    for term in sorting.terms.filter(fault="", is_undone=False).order_by("-pk"):
        try:
            undo_term(term, by)
            undone += 1
        except DomainError as error:
            SortedTerm.objects.filter(pk=term.pk).update(fault=error.message[:300])
    sorting.refresh_from_db()
    return undone


def run_sorting_job(job: Job) -> dict[str, Any]:
    """Sort the words of a job; where somebody cancels it, what was done is taken back."""
    sorting = TagSorting.objects.get(pk=job.parameters["sorting"])
    try:
        sort_terms(sorting, lambda done, total: report_progress(job, done=done, total=total, step="Sorting words"))
    except JobCancelledError:
        undo_sorting(sorting=sorting, by=job.requested_by)
        raise
    left = sorting.terms.exclude(fault="").count()
    return {"message": f"{len(sorting.plan) - left} words sorted, {left} left as they were."}


def _is_wanted(term: Unmapped, keys: set[str], least: float | None) -> bool:
    if least is None:
        return term.key in keys
    return term.suggestion is not None and not term.suggestion.is_below and term.confidence >= least


def _target_of(term: Unmapped, verb: str, target: Tag | None) -> int:
    if verb not in {Verb.MAP, Verb.BELOW}:
        return 0
    if target is not None:
        return target.pk
    return term.suggestion.tag if term.suggestion else 0


def _sort_term(sorting: TagSorting, key: str, text: str, target_id: int) -> None:
    with pool_write():
        target = _standing(target_id)
        tag, is_made, given = _tag_of(key, text, sorting.by)
        if given and tag.status == TagStatus.ACCEPTED and tag == target and sorting.verb == Verb.MAP:
            record: dict[str, Any] = {"given": given}  # the vocabulary knew the word, its rows did not carry it
        else:
            record = _decide(sorting, tag, target, text) | {"made": is_made}
        tag.refresh_from_db()
        SortedTerm.objects.create(
            sorting=sorting, key=key, text=text, tag=tag, target=target, record=record | {"became": tag.status}
        )


def _decide(sorting: TagSorting, tag: Tag, target: Tag | None, text: str) -> dict[str, Any]:
    """Do with a proposed tag what was decided; gives what undoing needs."""
    if tag.status != TagStatus.PROPOSED:
        raise DomainError("changed_meanwhile", f"'{text}' is {tag.status} by now.", "tag")
    require_plain(tag)
    record = take_record(tag, target if sorting.verb == Verb.MAP else None)
    if sorting.verb == Verb.IGNORE:
        reject_tag(tag=tag, by=sorting.by)
    elif sorting.verb == Verb.MAP and target is not None:
        merge_tag(source=tag, target=target, by=sorting.by)
    else:
        accept_tag(tag=tag, by=sorting.by)
        if target is not None:
            reparent_tag(tag=tag, parent=target, by=sorting.by)
            record["placed"] = True
    return record


def _standing(target_id: int) -> Tag | None:
    """The tag, or what it has been merged into meanwhile."""
    tag = Tag.objects.select_related("merged_into").filter(pk=target_id).first()
    while tag is not None and tag.merged_into is not None:
        tag = tag.merged_into
    if target_id and tag is None:
        raise DomainError("tag_gone", "The suggested word is gone.", "target")
    return tag


def _tag_of(key: str, text: str, by: User | None) -> tuple[Tag, bool, dict[str, list[int]]]:
    """The tag of a word, whether it was made now of a title, an industry or a place, and which rows now carry it so."""
    source, _colon, name = key.partition(":")
    if source == "tag":
        tag = Tag.objects.filter(pk=int(name)).first()
        if tag is None:
            raise DomainError("tag_gone", f"'{text}' is gone.", "tag")
        return tag, False, {}
    raw = RAW_FIELDS[source]
    last = Tag.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    owners = list(rows_saying(raw, name).values_list("pk", flat=True))
    tag = propose_tag(facet=raw.facet, name=text, by=by)
    with pool_write() as touched:
        made = raw.through._default_manager.bulk_create(
            raw.through(tag=tag, verified_on=timezone.localdate(), **{f"{raw.owner}_id": pk}) for pk in owners
        )
        column = "pk" if raw.owner == "customer" else "customer"
        touched.add_all(raw.model._default_manager.filter(pk__in=owners).values_list(column, flat=True))
    return tag, tag.pk > last, {raw.through.__name__: [row.pk for row in made]}
