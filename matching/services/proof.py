"""Notes what was used for a deal instead of a live reference, and tells which calls that saved."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.models import ProofUse, Request
from matching.services.requests import note_content_used
from references.errors import DomainError
from references.models import CaseStudy, ProofPoint, Testimonial
from references.rights import Use, usable_case_studies, usable_proof_points, usable_testimonials
from users.models import User


@transaction.atomic
def log_proof_use(
    *,
    user: User,
    piece: CaseStudy | Testimonial | ProofPoint,
    creation_key: str,
    activity: str = "call",
    deal: str = "",
    deal_id: str = "",
    brief: str = "",
    request: Request | None = None,
) -> ProofUse:
    """Note that `user` used a piece for a deal instead of asking somebody for `activity`; once per `creation_key`.

    Raises DomainError(not_usable) where no consent covers it today.
    """
    there = ProofUse.objects.filter(creation_key=creation_key).first()
    if there is not None:
        return there
    if not _is_usable(piece):
        raise DomainError("not_usable", _("This may not be used any more."))
    row = ProofUse(
        user=user,
        request=request,
        deal=(request.deal if request else deal).strip()[:200],
        deal_id=(request.deal_id if request else deal_id).strip()[:120],
        brief=(request.brief if request else brief).strip(),
        activity=activity,
        creation_key=creation_key,
    )
    name = {CaseStudy: "case_study", Testimonial: "testimonial", ProofPoint: "proof_point"}[type(piece)]
    setattr(row, name, piece)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the same was sent twice at one moment
        return ProofUse.objects.get(creation_key=creation_key)
    return row


@transaction.atomic
def use_meanwhile(*, request: Request, piece: CaseStudy | Testimonial, title: str, by: User) -> ProofUse:
    """Note on a request that a piece serves meanwhile; `title` is how everybody may read what it is."""
    kind = piece.kind if isinstance(piece, Testimonial) else "case_study"
    row = note_content_used(request=request, title=title, kind=kind, content_id=piece.pk, by=by)
    key = f"request:{row.pk}:{kind}:{piece.pk}"
    return log_proof_use(user=by, piece=piece, request=row, activity=row.activity, creation_key=key)


@transaction.atomic
def say_enough(*, use: ProofUse, was_enough: bool = True) -> ProofUse:
    """Say that no live reference was needed, or take that back."""
    row = ProofUse.objects.select_for_update(no_key=True).get(pk=use.pk)
    row.was_enough = was_enough
    row.save(update_fields=["was_enough"])
    return row


def _is_usable(piece: CaseStudy | Testimonial | ProofPoint) -> bool:
    use = Use(on=timezone.localdate())
    if isinstance(piece, CaseStudy):
        return usable_case_studies(CaseStudy.objects.filter(pk=piece.pk), use).exists()
    if isinstance(piece, Testimonial):
        return usable_testimonials(Testimonial.objects.filter(pk=piece.pk), use).exists()
    return usable_proof_points(ProofPoint.objects.filter(pk=piece.pk), use).exists()
