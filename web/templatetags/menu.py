"""The menu, which a page shows twice, in its bar and at its side: written once, its items once a process."""

from functools import lru_cache

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def write_menu(context: Context) -> SafeString:
    """The menu for whoever looks at the page."""
    return template.Engine.get_default().get_template("web/menu.html").render(context)


@register.simple_tag(takes_context=True)
def menu_item(context: Context, view: str, icon: str, label: str, others: str = "") -> SafeString:
    """A link to a view, marked where the page is of it or of one of `others`, names within "web:" between spaces."""
    is_here = context["here"] == view or context["here"] in (f"web:{each}" for each in others.split())
    return _write_item(get_script_prefix(), view, icon, str(label), is_here)


@lru_cache(maxsize=1_024)
def _write_item(_prefix: str, view: str, icon: str, label: str, is_here: bool) -> SafeString:
    """An item below a script's prefix, which its address begins with."""
    return format_html(
        '<a href="{}"{}><svg class="" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>{}</a>',
        reverse(view), SafeString(' aria-current="page"' if is_here else ""),
        static("refprogram/img/icons.svg"), icon, label,
    )  # fmt: skip
