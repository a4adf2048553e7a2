"""What templates of the content library need beside Django's own."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def entry(values: Mapping[str, Any], key: str) -> Any:
    """The value under a key; "" where there is none."""
    return values.get(key, "")
