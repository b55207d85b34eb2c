"""Queues and teams over HTTP: made, changed, taken away; who serves, and what comes in."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, require
from agents.api import people as api
from agents.api.case_shapes import Person
from agents.api.case_views import Line, words_of
from agents.api.setup_rules import queue_by
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import Agent, Queue, Team
from conversations.api import Problem
from conversations.errors import NotFound, Taken
from inboxes.models import Inbox

_MOST = 500
_NAMED = "There is one of this name already."


class Members(serializers.ListField):
    """Agents by their ids, each once; those who left are not among them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.UUIDField(), max_length=_MOST, **options)

    def to_internal_value(self, data: Any) -> list[Agent]:
        keys = set(super().to_internal_value(data))
        found = list(Agent.objects.filter(uuid__in=keys, is_active=True))
        if missing := keys - {agent.uuid for agent in found}:
            raise serializers.ValidationError(f"There is no agent {min(map(str, missing))}.")
        return found


class TeamWords(serializers.Serializer[Any]):
    name = Line(max_length=80)
    members = Members(required=False)
    leads = Members(required=False, help_text="Who supervises its queues without serving them.")
    above = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Team.objects.all(), required=False, allow_null=True
    )


class TeamLine(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class TeamShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    members = Person(many=True)
    leads = Person(many=True)
    above = AnyJson(allow_null=True)


class QueueWords(serializers.Serializer[Any]):
    name = Line(max_length=80)
    is_default = serializers.BooleanField(
        required=False, help_text="True makes it the default one; the one before no longer is."
    )
    inboxes = serializers.SlugRelatedField(
        slug_field="key", queryset=Inbox.objects.all(), many=True, required=False
    )
    members = Members(required=False)
    team = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Team.objects.all(), required=False, allow_null=True
    )
    offer_seconds = serializers.IntegerField(min_value=5, max_value=300, required=False)
    target_seconds = serializers.IntegerField(min_value=1, max_value=86_400, required=False)


class QueueShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    is_default = serializers.BooleanField()
    inboxes = serializers.ListField(child=serializers.CharField())
    members = Person(many=True)
    team = AnyJson(allow_null=True)
    offer_seconds = serializers.IntegerField()
    target_seconds = serializers.IntegerField()


def _people(rows: Any) -> list[dict[str, str]]:
    return [
        {"id": str(one.uuid), "name": one.shown_name} for one in rows.order_by("username")[:_MOST]
    ]


def team_shown(team: Team) -> dict[str, Any]:
    above = team.above
    return {
        "id": str(team.uuid),
        "name": team.name,
        "members": _people(team.members),
        "leads": _people(team.leads),
        "above": {"id": str(above.uuid), "name": above.name} if above else None,
    }


def queue_shown(queue: Queue) -> dict[str, Any]:
    team = queue.team
    return {
        "id": str(queue.uuid),
        "name": queue.name,
        "is_default": queue.is_default,
        "inboxes": list(queue.inboxes.order_by("key").values_list("key", flat=True)),
        "members": _people(queue.members),
        "team": {"id": str(team.uuid), "name": team.name} if team else None,
        "offer_seconds": queue.offer_seconds,
        "target_seconds": queue.target_seconds,
    }


@transaction.atomic
def _keep(row: Queue | Team, words: dict[str, Any]) -> None:
    """Columns first, then who and what belongs to it."""
    names = ("members", "leads", "inboxes")
    many = {name: words.pop(name) for name in names if name in words}
    if isinstance(row, Queue) and "is_default" in words:
        _hand_on_the_default(row, words["is_default"])
    for name, value in words.items():
        setattr(row, name, value)
    if isinstance(row, Team):
        row.clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Taken(_NAMED) from error
    for name, rows in many.items():
        getattr(row, name).set(rows)


def _hand_on_the_default(queue: Queue, wanted: bool) -> None:  # noqa: FBT001 -- it is the question
    """There is always one default queue, and never two."""
    if wanted:
        Queue.objects.filter(is_default=True).exclude(pk=queue.pk).update(is_default=False)
    elif queue.is_default:
        text = "Make another queue the default one; that ends this one's turn."
        raise serializers.ValidationError({"is_default": [text]})


class QueuesApi(api.QueuesApi):
    """The queues I serve (a supervisor: all), and how they stand; a manager makes new ones."""

    @extend_schema(request=QueueWords, responses={201: QueueShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), "agents.add_queue")
        queue = Queue()
        _keep(queue, words_of(QueueWords, request))
        return Response(queue_shown(queue), status=status.HTTP_201_CREATED)


class QueueApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: QueueShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        require(agent_of(request), "agents.view_queue")
        return Response(queue_shown(queue_by(key)))

    @extend_schema(request=QueueWords, responses={200: QueueShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        """`members` and `inboxes` are the whole set when they are named."""
        require(agent_of(request), "agents.change_queue")
        queue = queue_by(key)
        _keep(queue, words_of(QueueWords, request, partial=True))
        return Response(queue_shown(queue))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Only one that was never used; the default one stays."""
        require(agent_of(request), "agents.delete_queue")
        queue = queue_by(key)
        if queue.is_default:
            raise Taken("The default queue takes what no other does; it stays.")
        if queue.conversations.exists():
            raise Taken("Conversations have been here; it is part of the history.")
        try:
            queue.delete()
        except ProtectedError as error:
            raise Taken("Something still belongs to this queue.") from error
        return Response(status=status.HTTP_204_NO_CONTENT)


class TeamsApi(api.TeamsApi):
    """Every team by name; a manager makes new ones."""

    @extend_schema(
        operation_id="teams_list", responses={200: TeamLine(many=True), 401: Problem, 403: Problem}
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(request=TeamWords, responses={201: TeamShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), "agents.add_team")
        team = Team()
        _keep(team, words_of(TeamWords, request))
        return Response(team_shown(team), status=status.HTTP_201_CREATED)


class TeamApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: TeamShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        require(agent_of(request), "agents.view_team")
        return Response(team_shown(_team(key)))

    @extend_schema(request=TeamWords, responses={200: TeamShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        """`members` is the whole set when it is named."""
        require(agent_of(request), "agents.change_team")
        team = _team(key)
        _keep(team, words_of(TeamWords, request, partial=True))
        return Response(team_shown(team))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Its queues keep their own members; its rules, replies and views go with it."""
        require(agent_of(request), "agents.delete_team")
        _team(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _team(key: UUID) -> Team:
    found = Team.objects.filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such team.")
    return found
