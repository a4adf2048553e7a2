"""How much waits for whoever looks at the page: one query, asked once for each page."""

from typing import Any

from django import template

from matching.models import Approval
from references.compiled import CompiledCount

register = template.Library()
_OF_MANAGERS = CompiledCount(lambda who: Approval.objects.waiting_for_whom(who, is_manager=True))
_OF_OTHERS = CompiledCount(lambda who: Approval.objects.waiting_for_whom(who, is_manager=False))


@register.simple_tag(takes_context=True)
def waiting_count(context: dict[str, Any]) -> int:
    """How many approvals wait for the viewer."""
    request = context["request"]
    if not hasattr(request, "waiting_count"):
        counted = _OF_MANAGERS if request.user.is_manager else _OF_OTHERS
        request.waiting_count = counted.of(request.user.pk)
    count: int = request.waiting_count
    return count
