"""The files of a piece of content, or the logo of a customer, as a part of its page."""

from typing import Any

from django import template

from references.enums import FileKind
from references.file_rights import may_remove_file, readable_files
from references.models import CaseStudy, Customer, Testimonial
from references.permissions import may_log_content
from references.services.files import KINDS_OF
from users.models import User

register = template.Library()


@register.inclusion_tag("web/files/of_piece.html", takes_context=True)
def files_of(context: template.Context, row: CaseStudy | Testimonial | Customer) -> dict[str, Any]:
    """List the files of `row` that the viewer may read, and the form that adds one for whoever may."""
    user: User = context["request"].user
    noun = {CaseStudy: "case_study", Testimonial: "testimonial", Customer: "customer"}[type(row)]
    customer = row if isinstance(row, Customer) else row.customer
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "files": [(file, may_remove_file(user, file)) for file in readable_files(user, row)],
        "kinds": [(kind, FileKind(kind).label) for kind in KINDS_OF[type(row)]],
        "noun": noun,
        "row": row,
        "may_add": may_log_content(user, customer),
    }
