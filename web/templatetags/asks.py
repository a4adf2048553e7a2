"""Words of asks: how an ask of a person stands."""

from django import template

from advocacy.enums import AssignmentStatus

register = template.Library()
_LABELS = dict(AssignmentStatus.choices)


@register.filter
def assignment_label(code: str) -> str:
    """The label of a state of an ask; the code itself where unknown."""
    return str(_LABELS.get(code, code))
