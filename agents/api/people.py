"""The people's doors over HTTP: sign in, who I am, whether I am here, who else is, how queues stand."""

from typing import Any

from django.contrib.auth import authenticate, login
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, queues_of
from agents.actions import presence
from agents.api.shapes import PROBLEMS, AnyJson
from agents.authentication import issue_token
from agents.models import Agent, Queue, Team
from agents.queries import me, queue_counts, who_answers
from agents.sign_in import DEVICE_COOKIE, check_attempt
from conversations.api import Problem, address_of
from conversations.errors import Refused
from conversations.frames import moment
from conversations.words import clean_line


class WrongPassword(Refused):
    code = "wrong_password"
    http_status = 401


class SignIn(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=256, trim_whitespace=False)


class Token(serializers.Serializer[Any]):
    token = serializers.CharField()


class TokenApi(APIView):
    """A bearer token for thirty days; the browser gets a session cookie as well.

    Guessing here and at the console's sign-in is counted together.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        request=SignIn, responses={200: Token, 400: Problem, 401: Problem, 429: Problem}, auth=[]
    )
    def post(self, request: Request) -> Response:
        data = SignIn(data=request.data)
        data.is_valid(raise_exception=True)
        username = data.validated_data["username"]
        check_attempt(
            username=username,
            address=address_of(request),
            device=request.COOKIES.get(DEVICE_COOKIE, ""),
        )
        agent = authenticate(request, **data.validated_data)
        if not isinstance(agent, Agent):
            raise WrongPassword("The name or the password is not right.")
        login(request._request, agent)  # noqa: SLF001 -- DRF keeps Django's request there
        return Response({"token": issue_token(agent=agent, at=timezone.now())})


class Profile(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    username = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    capacity = serializers.IntegerField()
    languages = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())


class MeApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: Profile, 401: Problem, 403: Problem})
    def get(self, request: Request) -> Response:
        return Response(me(agent_of(request)))


class PresenceWords(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["online", "away", "offline"])
    reason = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class PresenceAnswer(PresenceWords):
    since = serializers.DateTimeField()


class PresenceApi(APIView):
    """Whether I want work. Being online also takes an open console (a socket)."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=PresenceWords, responses={200: PresenceAnswer, **PROBLEMS})
    def post(self, request: Request) -> Response:
        data = PresenceWords(data=request.data)
        data.is_valid(raise_exception=True)
        now = presence.set_presence(
            agent_id=agent_of(request).pk, at=timezone.now(), **data.validated_data
        )
        return Response({"status": now.status, "reason": now.reason, "since": moment(now.since)})


class Person(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    username = serializers.CharField(help_text="How a note mentions them, after an @")
    status = serializers.CharField()
    load = serializers.IntegerField()
    capacity = serializers.IntegerField()


class People(APIView):
    """Everybody who answers customers, and how busy they are."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: Person(many=True), 401: Problem, 403: Problem})
    def get(self, request: Request) -> Response:
        return Response([one._asdict() for one in who_answers(most=500)])


class QueueState(serializers.Serializer[Any]):
    type = serializers.CharField()
    queue = AnyJson()
    waiting = serializers.IntegerField()
    longest_wait = serializers.IntegerField(allow_null=True)
    service_level = serializers.FloatField(allow_null=True)
    served = serializers.IntegerField(help_text="Of whom that is the share.")
    target_seconds = serializers.IntegerField()
    agents_online = serializers.IntegerField()


class QueuesApi(APIView):
    """The queues I serve (a supervisor: all), and how they stand."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: QueueState(many=True), 401: Problem, 403: Problem})
    def get(self, request: Request) -> Response:
        agent = agent_of(request)
        mine = (
            Queue.objects.all()
            if agent.has_perm("conversations.see_all_conversations")
            else queues_of(agent)
        )
        return Response([c.frame() for c in queue_counts(list(mine), at=timezone.now())])


class TeamsApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: AnyJson, 401: Problem, 403: Problem})
    def get(self, request: Request) -> Response:
        return Response(
            [{"id": str(t.uuid), "name": clean_line(t.name, limit=80)} for t in Team.objects.all()]
        )
