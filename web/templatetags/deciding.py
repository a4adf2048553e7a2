"""How much waits for whoever looks at the page: one query, asked once for each page."""

from typing import Any

from django import template

from matching.models import Approval

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_count(context: dict[str, Any]) -> int:
    """How many approvals wait for the viewer."""
    request = context["request"]
    if not hasattr(request, "waiting_count"):
        request.waiting_count = Approval.objects.waiting_for(request.user).count()
    count: int = request.waiting_count
    return count
