"""How a person is told in rows about them: by name to those who may know them, described without it to all others."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from references.consent_view import Whose, tell_whose
from references.models import Contact


class PersonSerializer(serializers.Serializer[Any]):
    """Whose a row is. `customer` and `customer_name` are null where the customer may not be named to you."""

    contact = serializers.IntegerField(help_text="Id of the person.")
    who = serializers.CharField(help_text="Their name where you may know it, else what they are.")
    is_named = serializers.BooleanField(help_text="Whether `who` is the name.")
    customer = serializers.IntegerField(allow_null=True)
    customer_name = serializers.CharField(allow_null=True)

    def to_representation(self, instance: Contact) -> dict[str, Any]:
        whose = whose_row(self.context, instance)
        return {
            "contact": instance.pk,
            "who": whose.who,
            "is_named": whose.sees_person,
            "customer": instance.customer_id if whose.customer else None,
            "customer_name": whose.customer or None,
        }


def whose_row(context: Mapping[str, Any], contact: Contact) -> Whose:
    """Whose something of a contact (customer loaded) is, for whoever asks; `context` is a serializer's."""
    return tell_whose(context["request"].user, contact, contact.customer, context["policy"])


def hide_names_in(context: Mapping[str, Any], contact: Contact | None, text: str) -> str:
    """A text about a person (customer loaded) without the names that whoever asks may not know."""
    return text if contact is None or not text else whose_row(context, contact).hide(text)
