"""A case over HTTP: its panel, its fields, who takes part, merging, splitting, linking, muting."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from agents.access import SUPERVISE, conversation_for, require
from agents.actions import case as cases
from agents.api import case_shapes as shapes
from agents.api.case_views import CaseView, NoWords, words_of
from agents.api.shapes import PROBLEMS, Card
from agents.models import Agent
from agents.queries import current
from agents.reads.cases import case_of, link_of, participant_of
from conversations.actions import attributes, links, participants, standing
from conversations.errors import NotFound
from conversations.frames import conversation_card
from conversations.models import Link, Participant
from conversations.words import TEXT_LIMIT, clean_text


class CaseApi(CaseView):
    """Everything around a conversation, in one answer."""

    @extend_schema(responses={200: shapes.Case, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        return Response(case_of(conversation, agent))


class FieldsApi(CaseView):
    """Sets typed fields; what is not named stays, null takes a value away."""

    class Input(serializers.Serializer[Any]):
        attributes = serializers.DictField(allow_empty=False)

    @extend_schema(request=Input, responses={200: Card, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        words = words_of(self.Input, request)
        attributes.set_on_conversation(
            conversation_id=conversation.pk,
            given=words["attributes"],
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(conversation_card(current(key)))


class ParticipantsApi(CaseView):
    """Brings a colleague into the case; with a question it is a consultation."""

    class Input(serializers.Serializer[Any]):
        agent = serializers.UUIDField()
        question = serializers.CharField(
            max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
        )

    @extend_schema(request=Input, responses={201: shapes.ParticipantShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        words = words_of(self.Input, request)
        row = cases.consult(
            conversation_id=conversation.pk,
            colleague=words["agent"],
            question=clean_text(words["question"]),
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(participant_of(row), status=status.HTTP_201_CREATED)


class ParticipantApi(CaseView):
    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID, who: UUID) -> Response:
        """They no longer take part. Whoever is not yourself: only the holder or a supervisor."""
        agent, conversation = self.case(request, key)
        other = Agent.objects.filter(uuid=who).first()
        if other is None:
            raise NotFound("There is no such agent.")
        if agent.pk not in (other.pk, conversation.assignee_id):
            require(agent, SUPERVISE)
        participants.remove_participant(
            conversation_id=conversation.pk, agent_id=other.pk, by_id=agent.pk, at=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class FollowApi(CaseView):
    """I read along."""

    @extend_schema(request=NoWords, responses={200: shapes.Case, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        participants.add_participant(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            reason=Participant.Reason.FOLLOWS,
            by_id=agent.pk,
            at=timezone.now(),
        )
        return Response(case_of(conversation, agent))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """I no longer read along."""
        agent, conversation = self.case(request, key)
        participants.remove_participant(
            conversation_id=conversation.pk, agent_id=agent.pk, by_id=agent.pk, at=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class MergeApi(CaseView):
    """Merges this conversation into another one of the same customer; answers that one's card."""

    class Input(serializers.Serializer[Any]):
        into = serializers.UUIDField()

    @extend_schema(request=Input, responses={200: Card, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, source = self.case(request, key)
        words = words_of(self.Input, request)
        target = conversation_for(agent, words["into"])
        cases.merge(source_id=source.pk, target_id=target.pk, agent_id=agent.pk, at=timezone.now())
        return Response(conversation_card(current(target.uuid)))


class SplitApi(CaseView):
    """Makes a new conversation of some lines; it waits in its queue unless I take it."""

    class Input(serializers.Serializer[Any]):
        offsets = serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=2**31 - 1),
            min_length=1,
            max_length=200,
        )
        take = serializers.BooleanField(required=False, default=False)

    @extend_schema(request=Input, responses={201: Card, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        words = words_of(self.Input, request)
        made = cases.split_off(
            conversation_id=conversation.pk,
            offsets=words["offsets"],
            to_me=words["take"],
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(conversation_card(current(made.uuid)), status=status.HTTP_201_CREATED)


class LinksApi(CaseView):
    """Links this conversation with another: `parent` makes this one the parent."""

    class Input(serializers.Serializer[Any]):
        to = serializers.UUIDField()
        kind = serializers.ChoiceField(
            choices=[Link.Kind.RELATED.value, Link.Kind.PARENT.value, Link.Kind.DUPLICATE.value]
        )

    @extend_schema(request=Input, responses={201: shapes.LinkShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        words = words_of(self.Input, request)
        other = conversation_for(agent, words["to"])
        made = links.link(
            source_id=conversation.pk,
            target_id=other.pk,
            kind=words["kind"],
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(link_of(made, conversation), status=status.HTTP_201_CREATED)


class LinkApi(CaseView):
    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID, link: UUID) -> Response:
        """Takes a link of this conversation away."""
        agent, conversation = self.case(request, key)
        found = (conversation.links_out.all() | conversation.links_in.all()).filter(uuid=link)
        row = found.first()
        if row is None:
            raise NotFound("There is no such link.")
        links.unlink(link_id=row.pk, agent_id=agent.pk, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class MuteApi(CaseView):
    """It notifies nobody any more; everything else goes on."""

    @extend_schema(request=NoWords, responses={200: Card, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        return self._mute(request, key, on=True)

    @extend_schema(responses={200: Card, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """It notifies again."""
        return self._mute(request, key, on=False)

    def _mute(self, request: Request, key: UUID, *, on: bool) -> Response:
        agent, conversation = self.case(request, key)
        standing.mute(conversation_id=conversation.pk, on=on, agent_id=agent.pk, at=timezone.now())
        return Response(conversation_card(current(key)))
