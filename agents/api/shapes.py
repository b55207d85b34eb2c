"""The shapes that the agents' API speaks in."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.api import Problem
from conversations.frames import conversation_card
from conversations.lifecycle import STATES, shown
from conversations.models import Conversation

PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}


@extend_schema_field(OpenApiTypes.OBJECT)
class AnyJson(serializers.JSONField):
    """An object as the protocol's frames show it."""


class Card(serializers.Serializer[Any]):
    """A conversation in a list."""

    type = serializers.CharField()
    conversation = serializers.UUIDField()
    state = serializers.ChoiceField(choices=sorted({shown(s) for s in STATES}))
    stage = serializers.ChoiceField(choices=Conversation.State.choices)
    inbox = AnyJson()
    customer = AnyJson()
    assignee = AnyJson(allow_null=True)
    queue = AnyJson(allow_null=True)
    language = serializers.CharField()
    priority = serializers.IntegerField()
    labels = serializers.ListField(child=serializers.CharField())
    needs = AnyJson(help_text="Skills that this one needs: [{skill, level}].")
    attributes = AnyJson()
    merged_into = serializers.UUIDField(allow_null=True)
    muted = serializers.BooleanField()
    sentiment = serializers.FloatField(allow_null=True)
    last_message = AnyJson()
    last_message_at = serializers.DateTimeField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    first_reply_at = serializers.DateTimeField(
        allow_null=True, help_text="When a person answered for the first time."
    )
    answer_by = serializers.DateTimeField(
        allow_null=True, help_text="By when a person's answer is promised; null once it was given."
    )
    queued_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)
    wrap_up_until = serializers.DateTimeField(
        allow_null=True, help_text="While it is written up: when that time is over."
    )
    disposition = serializers.CharField(help_text="How it ended: a wrap-up code, or empty.")
    opened_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    seq = serializers.IntegerField()
    offset = serializers.IntegerField()
    unread = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return conversation_card(instance) if isinstance(instance, Conversation) else instance
