"""The form of a hand-out: what it says, and which references it shows in which order."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from references.enums import Channel
from references.models import Handout
from references.services.sharing import DEFAULT_DAYS, MOST_DAYS

CHANNELS = [choice for choice in Channel.choices if choice[0] != Channel.ANY]


class HandoutForm(forms.ModelForm):  # type: ignore[type-arg]
    """`item_ids` are what it could show, in the present order; each has a field for its place, empty to leave it out.

    With `is_forced` names are withheld whatever is ticked.
    """

    channel = forms.ChoiceField(
        label=_("Where it will be used"),
        choices=CHANNELS,
        help_text=_("Only what may be used there is shown."),
    )
    days = forms.IntegerField(
        label=_("The link holds for"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=DEFAULT_DAYS,
        help_text=_("Days from now; you can renew or revoke it at any time."),
    )

    class Meta:
        model = Handout
        fields = ["title", "intro", "channel", "is_blinded"]
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"is_blinded": _("People and customers are described, not named.")}

    def __init__(self, *args: Any, item_ids: Sequence[int], is_forced: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.item_ids = list(item_ids)
        if is_forced:
            self.fields["is_blinded"].disabled = True
            self.fields["is_blinded"].initial = self.initial["is_blinded"] = True
            self.fields["is_blinded"].help_text = _("By policy you share no names.")
        if self.instance.pk:
            del self.fields["days"]
        for place, pk in enumerate(self.item_ids, start=1):
            self.fields[f"place_{pk}"] = forms.IntegerField(
                label=_t("Place"), required=False, min_value=1, max_value=999, initial=place
            )

    def order(self) -> list[int]:
        """The ids of the items to show, in the order of their places; those without a place are left out."""
        places = {pk: self.cleaned_data.get(f"place_{pk}") for pk in self.item_ids}
        return sorted((pk for pk in self.item_ids if places[pk]), key=lambda pk: places[pk] or 0)

    def place_field(self, pk: int) -> forms.BoundField:
        """The field for the place of one item."""
        return self[f"place_{pk}"]

    def own_fields(self) -> list[forms.BoundField]:
        """The fields that are about the hand-out as a whole."""
        return [field for field in self if not field.name.startswith("place_")]
