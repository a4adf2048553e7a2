"""How much lies in the viewer's basket: one query, asked once for each page."""

from typing import Any

from django import template

from references.models import BasketItem

register = template.Library()


@register.simple_tag(takes_context=True)
def basket_size(context: dict[str, Any]) -> int:
    """How many references the viewer has put aside."""
    request = context["request"]
    if not hasattr(request, "basket_size"):
        request.basket_size = BasketItem.objects.filter(user=request.user).count()
    size: int = request.basket_size
    return size
