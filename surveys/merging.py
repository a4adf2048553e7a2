"""What a merge of two persons does with their invitations, answers and wish to be asked no more."""

from references.merging.relations import Conflict, Relation, register_relation


def register_merging() -> None:
    """Of two invitations to one campaign one stays; an answer that has no invitation left stays an answer."""
    register_relation("surveys.Invitation", "contact", Relation(Conflict.FOLD))
    register_relation("surveys.Response", "invitation", Relation(Conflict.CLEAR))
    register_relation("surveys.Response", "contact")
    register_relation("surveys.SurveyOptOut", "contact", Relation(Conflict.DROP, is_guard=True))
