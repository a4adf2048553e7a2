"""The menu, which a page shows twice, in its bar and at its side: written once."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def write_menu(context: Context) -> SafeString:
    """The menu for whoever looks at the page."""
    return template.Engine.get_default().get_template("web/menu.html").render(context)
