"""The shapes of cases, customers and what asks for attention, as OpenAPI tells them."""

from typing import Any

from rest_framework import serializers

from agents.models.attention import Kind
from conversations.models import (
    AttributeDefinition,
    Conversation,
    CustomerFact,
    Link,
    Participant,
    Request,
)


class Person(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()

    class Meta:
        ref_name = "AgentName"


class LabelShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    colour = serializers.CharField()
    description = serializers.CharField()
    group = serializers.CharField()
    is_exclusive = serializers.BooleanField()
    is_active = serializers.BooleanField()


class DefinitionShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    scope = serializers.ChoiceField(choices=AttributeDefinition.Scope.choices)
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the API says `label`
    kind = serializers.ChoiceField(choices=AttributeDefinition.Kind.choices)
    choices = serializers.ListField(child=serializers.CharField())
    regex = serializers.CharField()
    required_on_resolve = serializers.BooleanField()
    position = serializers.IntegerField()
    help = serializers.CharField()


class TemplateShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    items = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()


class TalkLine(serializers.Serializer[Any]):
    """A conversation in one line."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Conversation.State.choices)
    preview = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    opened_at = serializers.DateTimeField()
    last_message_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    merged_into = serializers.UUIDField(allow_null=True)


class PastLine(TalkLine):
    sentiment = serializers.FloatField(
        allow_null=True, help_text="How the customer's last messages read, -1 to 1: an estimate."
    )
    score = serializers.IntegerField(allow_null=True, help_text="Their rating, 1 to 5.")


class ParticipantShape(serializers.Serializer[Any]):
    agent = Person()
    reason = serializers.ChoiceField(choices=Participant.Reason.choices)
    created_at = serializers.DateTimeField()


class LinkShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Link.Kind.choices)
    direction = serializers.ChoiceField(choices=["out", "in"])
    conversation = TalkLine()
    created_at = serializers.DateTimeField()


class MergedPart(serializers.Serializer[Any]):
    conversation = TalkLine()
    summary = serializers.CharField()
    messages = serializers.IntegerField()
    offset = serializers.IntegerField()
    merged_by = Person(allow_null=True)
    merged_at = serializers.DateTimeField()


class RequestShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    topic = serializers.CharField()
    disposition = serializers.CharField()
    state = serializers.ChoiceField(choices=Request.State.choices)
    opened_offset = serializers.IntegerField()
    opened_by = Person(allow_null=True)
    opened_at = serializers.DateTimeField()
    done_by = Person(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class StepShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    position = serializers.IntegerField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = Person(allow_null=True)


class TimeShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    agent = Person()
    seconds = serializers.IntegerField()
    note = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class Timer(serializers.Serializer[Any]):
    conversation = serializers.UUIDField()
    started_at = serializers.DateTimeField()


class TimeSpent(serializers.Serializer[Any]):
    total_seconds = serializers.IntegerField()
    entries = TimeShape(many=True)
    running = Timer(allow_null=True)


class Case(serializers.Serializer[Any]):
    """Everything around a conversation."""

    conversation = serializers.UUIDField()
    labels = serializers.ListField(child=serializers.CharField())
    attributes = serializers.DictField()
    fields = DefinitionShape(many=True)  # type: ignore[assignment]  # the API says `fields`
    participants = ParticipantShape(many=True)
    following = serializers.BooleanField()
    links = LinkShape(many=True)
    merged_into = serializers.UUIDField(allow_null=True)
    merged_parts = MergedPart(many=True)
    requests = RequestShape(many=True)
    checklist = StepShape(many=True)
    time = TimeSpent()
    muted_at = serializers.DateTimeField(allow_null=True)
    blocked = serializers.BooleanField()


class NoteShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    agent = Person(allow_null=True)
    text = serializers.CharField()
    is_pinned = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


class ChangeShape(serializers.Serializer[Any]):
    agent = Person(allow_null=True)
    changes = serializers.DictField()
    created_at = serializers.DateTimeField()


class CompanyLine(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    domain = serializers.CharField()


class CustomerLine(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()
    company = CompanyLine(allow_null=True)
    owner = Person(allow_null=True)
    blocked = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class FactShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=CustomerFact.Kind.choices)
    kind_says = serializers.CharField()
    about = serializers.CharField(help_text="Which of its kind, such as shoes.")
    value = serializers.CharField()
    state = serializers.ChoiceField(
        choices=["asked", "known"], help_text="asked: the customer has not agreed to it yet."
    )
    by = serializers.ChoiceField(choices=CustomerFact.By.choices)
    agent = serializers.CharField(allow_null=True)
    said_at = serializers.DateTimeField()
    conversation = serializers.UUIDField(
        allow_null=True, help_text="Where it was said; null where one may not see it."
    )
    seq = serializers.IntegerField(allow_null=True)


class CustomerMemoryShape(serializers.Serializer[Any]):
    remembers = serializers.BooleanField(help_text="false: the customer has switched it off.")
    facts = FactShape(many=True)


class CustomerShape(CustomerLine):
    """A customer with everything that the console's panel shows."""

    verified = serializers.BooleanField()
    attributes = serializers.DictField()
    fields = DefinitionShape(many=True)  # type: ignore[assignment]  # the API says `fields`
    notes = NoteShape(many=True)
    conversations = PastLine(many=True)
    changes = ChangeShape(many=True)
    memory = CustomerMemoryShape()


class CompanyShape(CompanyLine):
    notes = serializers.CharField()
    attributes = serializers.DictField()
    fields = DefinitionShape(many=True)  # type: ignore[assignment]  # the API says `fields`
    customers = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    changes = ChangeShape(many=True)


class NotificationShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    conversation = serializers.UUIDField(allow_null=True)
    customer = serializers.CharField(allow_null=True)
    preview = serializers.CharField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]  # the API says `data`
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class Unread(serializers.Serializer[Any]):
    unread = serializers.IntegerField()
