"""Forms that log what is in the pool: they check the shape, services decide and write."""

from collections.abc import Iterable
from html import escape
from typing import Any, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from references import activities
from references.blinding import blind_title
from references.enums import ContactStatus, ContentStatus, EngagementStatus, Facet, TagOrigin
from references.lifecycles import CONTACT, CONTENT
from references.models import CaseStudy, Contact, Customer, Tag, Testimonial
from users.models import User


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class TagSelect(forms.SelectMultiple):
    """A list of very many tags, written without a template for each."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The list as HTML; `value` is what is chosen, its choices are groups of (value, text)."""
        chosen = {str(each) for each in value or ()}
        parts = [f"<select{flatatt({**self.build_attrs(self.attrs, attrs), 'name': name, 'multiple': True})}>"]
        for label, tags in self.choices:
            parts.append(f'<optgroup label="{escape(label)}">')
            for key, text in tags:
                parts.append(f'<option value="{key}"{" selected" * (str(key) in chosen)}>{escape(text)}</option>')
            parts.append("</optgroup>")
        parts.append("</select>")
        return mark_safe("".join(parts))  # noqa: S308 - every text is escaped, keys are numbers


class TagsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Tags of some facets, in groups by facet."""

    widget = TagSelect(attrs={"size": 8, "data-picker": _("Type to add a tag…")})

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Tag.objects.none(), required=False, **options)

    def offer(self, facets: Iterable[str]) -> None:
        """Let accepted tags of `facets` be chosen."""
        self.queryset = Tag.objects.accepted().filter(facet__in=list(facets)).order_by("facet", "name")
        groups: dict[str, list[tuple[int, str]]] = {}
        for facet, key, name in self.queryset.values_list("facet", "pk", "name"):
            groups.setdefault(str(Facet(facet).label), []).append((key, name))
        self.choices = list(groups.items())


def _offer_tags(form: forms.BaseForm, facets: Iterable[str]) -> None:
    cast(TagsField, form.fields["tags"]).offer(facets)


def _name_by_title(obj: Contact) -> str:
    """How a person is offered to those who may not see the name."""
    return blind_title(obj.title, [obj.name]) or str(_("someone"))


def _choice(form: forms.BaseForm, name: str) -> "forms.ModelChoiceField[Any]":
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    """A customer and its tags."""

    facets = (
        Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.REGION, Facet.TECHNOLOGY, Facet.COMPETITOR
    )  # fmt: skip
    tags = TagsField(label=_("Tags"), help_text=_("Hold Ctrl (⌘) to choose several."))
    exclusions = forms.CharField(
        label=_("Must not meet"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Prospects and competitors, one a line"),
    )  # fmt: skip

    class Meta:
        model = Customer
        fields = (
            "name", "domain", "external_id", "size_band", "tier", "health", "account_owner", "is_referenceable",
            "is_named", "has_open_escalation", "renewal_date", "is_renewal_sensitive", "annual_value", "currency",
            "exclusions", "notes",
        )  # fmt: skip
        widgets = {"renewal_date": DayInput(), "notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_tags(self, self.facets)
        _choice(self, "account_owner").queryset = User.objects.filter(is_active=True)
        if self.instance.pk:
            given = self.instance.customer_tags.filter(origin=TagOrigin.GIVEN)
            self.initial["tags"] = list(given.values_list("tag_id", flat=True))
            self.initial["exclusions"] = "\n".join(self.instance.exclusions)

    def clean_exclusions(self) -> list[str]:
        """One name a line."""
        return [line.strip() for line in self.cleaned_data["exclusions"].splitlines() if line.strip()]

    def _post_clean(self) -> None:
        """The service judges and writes the row, not the form."""


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person at a customer; e-mail and phone are set here but never shown again without a recorded look."""

    facets = (Facet.ROLE, Facet.PRODUCT, Facet.SOLUTION, Facet.LANGUAGE, Facet.REGION, Facet.PERSONA)
    activities = forms.MultipleChoiceField(
        label=_("Agreed to"), required=False, choices=activities.CHOICES, widget=forms.CheckboxSelectMultiple
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(each, label) for each, label in ContactStatus.choices if each in CONTACT.initial],
        initial=ContactStatus.ACTIVE,
        help_text=_("Only active people are promoters that searches propose."),
    )
    tags = TagsField(
        label=_("Tags of their own"), help_text=_("Beside the customer’s. Hold Ctrl (⌘) to choose several.")
    )

    class Meta:
        model = Contact
        fields = (
            "name", "title", "seniority", "email", "phone", "external_id", "activities", "max_per_quarter",
            "sensitivity", "nps_score", "nps_on", "nps_comment", "verified_on", "notes",
        )  # fmt: skip
        widgets = {
            "nps_on": DayInput(), "verified_on": DayInput(),
            "nps_comment": forms.Textarea(attrs={"rows": 2}), "notes": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_tags(self, self.facets)
        if self.instance.pk:
            self.initial["tags"] = list(self.instance.contact_tags.values_list("tag_id", flat=True))
            del self.fields["status"]
            for name in ("email", "phone"):
                self.initial[name] = ""
                self.fields[name].help_text = _("Leave empty to keep what is on file.")

    def _post_clean(self) -> None:
        """The service judges and writes the row, not the form."""


class StatusForm(forms.Form):
    """Where a contact stands next."""

    to = forms.ChoiceField(label=_("New status"))
    paused_until = forms.DateField(
        label=_("Paused until"),
        required=False,
        widget=DayInput(),
        help_text=_("For a pause; empty: until further notice"),
    )
    has_opted_out = forms.BooleanField(
        label=_("They asked never to be asked again"), required=False, help_text=_("With “retired”; this is for good.")
    )
    why = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, contact: Contact, **options: Any) -> None:
        super().__init__(*args, **options)
        moves = CONTACT.moves[contact.status]
        cast(forms.ChoiceField, self.fields["to"]).choices = [
            choice for choice in ContactStatus.choices if choice[0] in moves
        ]


class EngagementForm(forms.Form):
    """One touch, however it came about."""

    activity = forms.ChoiceField(label=_("What"), choices=activities.CHOICES, initial="call")
    status = forms.ChoiceField(
        label=_("What came of it"),
        choices=[choice for choice in EngagementStatus.choices if choice[0] != EngagementStatus.HELD],
        initial=EngagementStatus.COMPLETED,
    )
    on = forms.DateField(label=_("When"), widget=DayInput(), help_text=_("The day it happened, or is planned for"))
    effort_hours = forms.DecimalField(
        label=_("Hours it took them"), required=False, min_value=0, max_digits=6, decimal_places=2
    )
    is_outside = forms.BooleanField(
        label=_("It happened outside the system"),
        required=False,
        initial=True,
        help_text=_("No blame: a logged touch protects them."),
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class _ContentForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stories and testimonials share."""

    facets = (Facet.INDUSTRY, Facet.PRODUCT, Facet.SOLUTION, Facet.REGION, Facet.TECHNOLOGY)
    contact = forms.ModelChoiceField(
        label=_("Person"), required=False, queryset=Contact.objects.none(), empty_label=_("nobody in particular")
    )
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[choice for choice in ContentStatus.choices if choice[0] in CONTENT.initial],
        initial=ContentStatus.DRAFT,
        help_text=_("Whether it may be used is read from consents, not from this."),
    )
    tags = TagsField(label=_("Tags"), help_text=_("Hold Ctrl (⌘) to choose several."))

    def __init__(self, *args: Any, customer: Customer, names_people: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_tags(self, self.facets)
        _choice(self, "owner").queryset = User.objects.filter(is_active=True)
        person = _choice(self, "contact")
        person.queryset = Contact.objects.filter(customer=customer)
        if not names_people:
            person.label_from_instance = _name_by_title  # type: ignore[method-assign]
        if self.instance.pk:
            del self.fields["status"]
            self.initial["tags"] = list(self.instance.tags.values_list("pk", flat=True))

    def _post_clean(self) -> None:
        """The service judges and writes the row, not the form."""


class CaseStudyForm(_ContentForm):
    """A customer's story."""

    class Meta:
        model = CaseStudy
        fields = (
            "title", "contact", "challenge", "solution_text", "results", "url", "language", "owner", "published_on",
            "expires_on",
        )  # fmt: skip
        widgets = {
            "published_on": DayInput(),
            "expires_on": DayInput(),
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("challenge", "solution_text", "results")},
        }


class TestimonialForm(_ContentForm):
    """What one person said, wrote or filmed."""

    class Meta:
        model = Testimonial
        fields = (
            "kind", "text", "contact", "said_by", "said_by_title", "transcript", "review_site", "url", "language",
            "owner", "published_on", "expires_on",
        )  # fmt: skip
        widgets = {
            "published_on": DayInput(),
            "expires_on": DayInput(),
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("text", "transcript")},
        }
