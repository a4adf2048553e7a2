"""How one promoter's profile is told: facts, rights, ledger, fatigue then and to come, free dates."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.cards import BANDS, day
from references import activities
from references.enums import ContactStatus, EngagementStatus, Facet, Loyalty, Sensitivity
from references.profiles import Profile


class TagLineSerializer(serializers.Serializer[Any]):
    """A tag of the person or of the customer."""

    facet = serializers.ChoiceField(choices=Facet.choices)
    slug = serializers.CharField()
    name = serializers.CharField()
    verified_on = serializers.DateField()
    is_own = serializers.BooleanField(help_text="The person's own, beside the customer's.")
    is_stale = serializers.BooleanField(help_text="Nobody has verified it for long.")


class FreeDateSerializer(serializers.Serializer[Any]):
    """When the person may next do an activity."""

    activity = serializers.ChoiceField(choices=activities.CHOICES)
    label = serializers.CharField()  # type: ignore[assignment]
    is_agreed = serializers.BooleanField()
    has_consent = serializers.BooleanField()
    next_free = day("Null where time alone does not open it.")


class ConsentLineSerializer(serializers.Serializer[Any]):
    """A consent of the person, or of their whole customer."""

    id = serializers.IntegerField()
    activity = serializers.ChoiceField(choices=activities.CHOICES)
    channel = serializers.CharField()
    region = serializers.CharField(help_text="Empty where it is limited to none.")
    is_attributed = serializers.BooleanField()
    is_whole_customer = serializers.BooleanField()
    valid_from = serializers.DateField()
    valid_until = day()
    state = serializers.ChoiceField(choices=["in_force", "to_come", "over", "superseded", "revoked"])


class LedgerLineSerializer(serializers.Serializer[Any]):
    """One touch of the person."""

    id = serializers.IntegerField()
    activity = serializers.ChoiceField(choices=activities.CHOICES)
    status = serializers.ChoiceField(choices=EngagementStatus.choices)
    on = serializers.DateField()
    is_outside = serializers.BooleanField()
    went_badly = serializers.BooleanField()
    was_thanked = serializers.BooleanField()


class StoryLineSerializer(serializers.Serializer[Any]):
    """A story or testimonial by this person or about their customer."""

    kind = serializers.ChoiceField(choices=["case_study", "testimonial"])
    id = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.CharField()
    is_usable = serializers.BooleanField()


class CurvePointSerializer(serializers.Serializer[Any]):
    """Fatigue on one day."""

    on = serializers.DateField()
    phi = serializers.FloatField()


class CurveSerializer(serializers.Serializer[Any]):
    """Fatigue over the past year and the months ahead, with the thresholds of its bands."""

    points = CurvePointSerializer(many=True)
    today = serializers.DateField()
    soft = serializers.FloatField()
    needs_approval = serializers.FloatField()
    stop = serializers.FloatField()


class ProofPointLineSerializer(serializers.Serializer[Any]):
    """A number the customer reports; those that may not be used only for whoever may log content of the customer."""

    metric = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    is_usable = serializers.BooleanField(help_text="Whether a consent in force lets it be used.")


class ProfileSerializer(serializers.Serializer[Any]):
    """One promoter. Names are null where you may not see them; contact data is never in here."""

    id = serializers.IntegerField(source="contact_id")
    headline = serializers.CharField()
    name = serializers.CharField(source="promoter_name", allow_null=True)
    customer_id = serializers.IntegerField()
    customer_name = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=ContactStatus.choices)
    sensitivity = serializers.ChoiceField(choices=Sensitivity.choices)
    max_per_quarter = serializers.IntegerField(allow_null=True)
    loyalty = serializers.ChoiceField(choices=Loyalty.choices)
    nps_score = serializers.IntegerField(allow_null=True)
    nps_on = day()
    verified_on = day()
    account_owner = serializers.CharField()
    notices = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of what stands in the way of asking for anything."
    )
    tags = serializers.SerializerMethodField()
    phi = serializers.FloatField(help_text="Fatigue today, from 0 to 1.")
    band = serializers.ChoiceField(choices=BANDS)
    free_dates = FreeDateSerializer(many=True)
    consents = ConsentLineSerializer(many=True)
    ledger = LedgerLineSerializer(many=True)
    curve = CurveSerializer()
    stories = StoryLineSerializer(many=True)
    proof_points = ProofPointLineSerializer(many=True)

    @extend_schema_field(TagLineSerializer(many=True))
    def get_tags(self, profile: Profile) -> list[dict[str, Any]]:
        lines = [line for _, group in profile.tags for line in group]
        return list(TagLineSerializer(lines, many=True).data)
