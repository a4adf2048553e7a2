"""Django's admin of the pool: customers, contacts, tags, content and slots are edited, ledger and consents only read.

Every save and deletion runs inside `pool_write()`. States are moved by services alone, so they are shown, not edited.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from references.errors import DomainError
from references.models import (
    Blackout,
    CaseStudy,
    CaseStudyTag,
    Consent,
    Contact,
    ContactTag,
    Customer,
    CustomerTag,
    Disclosure,
    Engagement,
    EngagementChange,
    ImportMapping,
    PolicyVersion,
    ProofPoint,
    SlotTag,
    SpeakingSlot,
    StateChange,
    Tag,
    TagContainment,
    TagLanguage,
    TagSynonym,
    Testimonial,
    TestimonialTag,
)
from references.permissions import may_administer
from references.pool.gate import Touched
from references.pool.writing import pool_write
from references.services.disclosures import disclose_contact
from references.services.tags import fold_synonym, require_not_within, touch_carriers
from references.text import fold_name
from users.models import User


class ForAdministrators:
    """Only administrators see the pool here, whatever Django's own permissions say."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and may_administer(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)


class ReadOnly(ForAdministrators):
    """Rows that only services write: shown, never changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class PoolAdmin(ForAdministrators, admin.ModelAdmin):  # type: ignore[type-arg]
    """Saves and deletes rows of the pool inside one `pool_write()` per request, touching what `touch` says."""

    list_per_page = 50
    show_full_result_count = False

    def touch(self, touched: Touched, row: Any) -> None:
        """Note whom a change of `row` concerns."""
        touched.add(row.customer_id)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with pool_write():
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with pool_write():
            return super().delete_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with pool_write() as touched:
            super().save_model(request, obj, form, change)
            self.touch(touched, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        with pool_write() as touched:
            super().save_related(request, form, formsets, change)
            self.touch(touched, form.instance)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with pool_write() as touched:
            self.touch(touched, obj)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with pool_write() as touched:
            for row in queryset:
                self.touch(touched, row)
            super().delete_queryset(request, queryset)


class Inline(ForAdministrators, admin.TabularInline):  # type: ignore[type-arg]
    extra = 0


class CustomerTagInline(Inline):
    model = CustomerTag
    autocomplete_fields = ("tag",)


class ProofPointInline(Inline):
    model = ProofPoint


class ContactTagInline(Inline):
    model = ContactTag
    autocomplete_fields = ("tag",)


class BlackoutInline(Inline):
    model = Blackout


class SynonymInline(Inline):
    model = TagSynonym


class ContainmentInline(Inline):
    model = TagContainment
    fk_name = "tag"
    autocomplete_fields = ("container",)


class LanguageInline(Inline):
    model = TagLanguage
    fk_name = "region"
    autocomplete_fields = ("language",)


class CaseStudyTagInline(Inline):
    model = CaseStudyTag
    autocomplete_fields = ("tag",)


class TestimonialTagInline(Inline):
    model = TestimonialTag
    autocomplete_fields = ("tag",)


class SlotTagInline(Inline):
    model = SlotTag
    autocomplete_fields = ("tag",)


class ChangeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = EngagementChange
    extra = 0


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        folded = fold_name(name)
        if not folded or Customer.objects.exclude(pk=self.instance.pk).filter(folded_name=folded).exists():
            raise ValidationError(_("There is a customer of this name already, or it has no letters."))
        self.instance.folded_name = folded
        return name


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        self.instance.folded_name = fold_name(name)
        if not self.instance.folded_name:
            raise ValidationError(_("A name has letters."))
        return name


class TagForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_parent(self) -> Tag | None:
        parent: Tag | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk is not None:
            try:
                require_not_within(parent, self.instance)
            except DomainError as error:
                raise ValidationError(error.message, code=error.code) from error
        return parent


@admin.register(Customer)
class CustomerAdmin(PoolAdmin):
    form = CustomerForm
    list_display = (
        "name",
        "size_band",
        "tier",
        "health",
        "account_owner",
        "is_referenceable",
        "is_named",
        "renewal_date",
    )
    list_filter = ("tier", "health", "size_band", "is_referenceable", "is_named")
    list_select_related = ("account_owner",)
    search_fields = ("name", "folded_name", "domain", "external_id")
    autocomplete_fields = ("account_owner",)
    inlines = (CustomerTagInline, ProofPointInline)

    def touch(self, touched: Touched, row: Customer) -> None:
        touched.add(row.pk)


@admin.register(Contact)
class ContactAdmin(PoolAdmin):
    """Opening a contact shows e-mail and phone, so each look is recorded as a disclosure."""

    form = ContactForm
    list_display = ("name", "title", "customer", "status", "loyalty", "nps_score", "verified_on")
    list_filter = ("status", "loyalty", "seniority", "sensitivity", "origin")
    list_select_related = ("customer",)
    search_fields = ("name", "folded_name", "title", "customer__name", "external_id")
    autocomplete_fields = ("customer",)
    readonly_fields = ("status", "paused_until", "has_opted_out")
    inlines = (ContactTagInline, BlackoutInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "customer") if obj else self.readonly_fields

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        contact = self.get_object(request, object_id)
        if contact is not None and request.method == "GET" and self.has_view_permission(request, contact):
            disclose_contact(user=request.user, contact=contact, why="opened in the admin")  # type: ignore[arg-type]
        return super().change_view(request, object_id, form_url, extra_context)


@admin.register(Tag)
class TagAdmin(PoolAdmin):
    form = TagForm
    list_display = ("name", "facet", "parent", "status", "merged_into")
    list_filter = ("facet", "status")
    list_select_related = ("parent", "merged_into")
    search_fields = ("name", "slug", "synonyms__folded")
    autocomplete_fields = ("parent",)
    readonly_fields = ("status", "merged_into")
    inlines = (SynonymInline, ContainmentInline, LanguageInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "facet", "slug") if obj else self.readonly_fields

    def touch(self, touched: Touched, row: Tag) -> None:
        touch_carriers(touched, row)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is TagSynonym:
            for each in formset.forms:
                each.instance.folded = fold_synonym(each.instance.text)
        super().save_formset(request, form, formset, change)


class ContentForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_contact(self) -> Contact | None:
        contact: Contact | None = self.cleaned_data["contact"]
        if contact is not None and contact.customer != self.cleaned_data.get("customer"):
            raise ValidationError(_("The contact works for another customer."))
        return contact


class ContentAdmin(PoolAdmin):
    form = ContentForm
    list_filter = ("status", "language")
    list_select_related = ("customer", "contact")
    autocomplete_fields = ("customer", "contact")
    readonly_fields = ("status",)


@admin.register(CaseStudy)
class CaseStudyAdmin(ContentAdmin):
    list_display = ("title", "customer", "contact", "status", "published_on")
    search_fields = ("title", "customer__name", "external_id")
    inlines = (CaseStudyTagInline,)


@admin.register(Testimonial)
class TestimonialAdmin(ContentAdmin):
    list_display = ("__str__", "kind", "customer", "said_by", "status", "published_on")
    search_fields = ("text", "said_by", "customer__name", "external_id")
    inlines = (TestimonialTagInline,)


@admin.register(SpeakingSlot)
class SpeakingSlotAdmin(PoolAdmin):
    list_display = ("event", "starts_at", "place", "format", "status", "speaker")
    list_filter = ("status", "format")
    list_select_related = ("speaker",)
    search_fields = ("event", "topic", "place")
    autocomplete_fields = ("region",)
    readonly_fields = ("status", "speaker")
    inlines = (SlotTagInline,)

    def touch(self, touched: Touched, row: SpeakingSlot) -> None:
        if row.speaker is not None:
            touched.add(row.speaker.customer_id)


@admin.register(Consent)
class ConsentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("customer", "contact", "activity", "channel", "valid_from", "valid_until", "revoked_at")
    list_filter = ("activity", "channel")
    list_select_related = ("customer", "contact")
    search_fields = ("customer__name", "contact__name", "evidence")
    show_full_result_count = False


@admin.register(Engagement)
class EngagementAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("contact", "activity", "status", "on", "recorded_at", "source", "is_outside")
    list_filter = ("status", "activity", "is_outside")
    list_select_related = ("contact",)
    search_fields = ("contact__name", "contact__customer__name", "source")
    date_hierarchy = "on"
    show_full_result_count = False
    inlines = (ChangeInline,)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("version", "note", "made_by", "made_at")
    list_select_related = ("made_by",)


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "user", "contact", "why")
    list_select_related = ("user", "contact")
    search_fields = ("user__email", "contact__name", "why")
    show_full_result_count = False


@admin.register(StateChange)
class StateChangeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "subject", "from_status", "to_status", "by", "why")
    list_select_related = ("by",)
    search_fields = ("subject", "why")
    show_full_result_count = False


@admin.register(ImportMapping)
class ImportMappingAdmin(ForAdministrators, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "made_by", "made_at")
    list_select_related = ("made_by",)
    search_fields = ("name",)
