"""What lies in the viewer's basket: how much, asked once for each page, and whether one reference does."""

from typing import Any

from django import template

from references.compiled import CompiledCount
from references.models import BasketItem

register = template.Library()
_SIZE = CompiledCount(lambda who: BasketItem.objects.filter(user=who))


@register.simple_tag(takes_context=True)
def basket_size(context: dict[str, Any]) -> int:
    """How many references the viewer has put aside."""
    request = context["request"]
    if not hasattr(request, "basket_size"):
        request.basket_size = _SIZE.of(request.user.pk)
    size: int = request.basket_size
    return size


@register.simple_tag(takes_context=True)
def in_basket(context: dict[str, Any], noun: str, pk: int) -> bool:
    """Whether the viewer has put this reference aside; one query."""
    return BasketItem.objects.filter(user=context["request"].user, **{noun: pk}).exists()
