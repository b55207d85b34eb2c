"""What asks for my attention, over HTTP, and how I want to be told."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of
from agents.actions.notify import mark_read, set_rules
from agents.actions.push import add_device, remove_device
from agents.api import case_shapes as shapes
from agents.api.case_views import NoWords, words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS
from agents.models import Agent, Notification
from agents.models.attention import Kind
from agents.reads.attention import notification_frame, rules_of, unread_count
from agents.rules.attention import How
from agents.webpush import house_key, public

_LATEST = (
    keyset.Key("created_at", "created_at", datetime, descending=True),
    keyset.Key("pk", "pk", int, descending=True),
)


class NotificationFilters(serializers.Serializer[Any]):
    unread = serializers.BooleanField(required=False, default=False)


class NotificationsApi(APIView):
    """My notifications, the latest first; `unread` counts all that I have not seen."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[OpenApiParameter("unread", bool), *PAGING],
        responses={200: page_of(shapes.NotificationShape, "NotificationPage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        cursor, limit = paging_of(request)
        filters = NotificationFilters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        agent = agent_of(request)
        rows = Notification.objects.filter(agent=agent).select_related("conversation__customer")
        if filters.validated_data["unread"]:
            rows = rows.filter(read_at=None)
        answer = paged(
            request,
            keyset.page(rows, _LATEST, cursor=cursor, limit=limit),
            lambda row: notification_frame(row, row.conversation),
        )
        answer.data["unread"] = unread_count(agent.pk)
        return answer


class NotificationsReadApi(APIView):
    """I have seen these."""

    permission_classes = (MayAnswer,)

    class Input(serializers.Serializer[Any]):
        ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=300)

    @extend_schema(request=Input, responses={200: shapes.Unread, **PROBLEMS})
    def post(self, request: Request) -> Response:
        keys = words_of(self.Input, request)["ids"]
        unread = mark_read(agent_id=agent_of(request).pk, keys=keys, at=timezone.now())
        return Response({"unread": unread})


class NotificationsReadAllApi(APIView):
    """I have seen everything."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=NoWords, responses={200: shapes.Unread, **PROBLEMS})
    def post(self, request: Request) -> Response:
        unread = mark_read(agent_id=agent_of(request).pk, keys=None, at=timezone.now())
        return Response({"unread": unread})


class PushKeys(serializers.Serializer[Any]):
    p256dh = serializers.CharField(max_length=100)
    auth = serializers.CharField(max_length=32)


class PushWords(serializers.Serializer[Any]):
    """As browsers say it: PushSubscription.toJSON()."""

    endpoint = serializers.URLField(max_length=500)
    keys = PushKeys()


class PushForget(serializers.Serializer[Any]):
    endpoint = serializers.CharField(max_length=500)


class PushKeyShape(serializers.Serializer[Any]):
    key = serializers.CharField()


class PushApi(APIView):
    """Browsers that tell me while no console of mine is open."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: PushKeyShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """The `applicationServerKey` to subscribe with."""
        return Response({"key": public(house_key(settings.SECRET_KEY))})

    @extend_schema(request=PushWords, responses={204: None, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """Tell this browser, too: all kinds that have `desktop`. Twice is as once."""
        words = words_of(PushWords, request)
        add_device(
            agent=agent_of(request),
            endpoint=words["endpoint"],
            **words["keys"],
            at=timezone.now(),
        )
        return Response(status=204)

    @extend_schema(
        parameters=[OpenApiParameter("endpoint", str, required=True)],
        responses={204: None, **PROBLEMS},
    )
    def delete(self, request: Request) -> Response:
        """This browser is not told any more. Twice is as once."""
        which = PushForget(data=request.query_params)
        which.is_valid(raise_exception=True)
        remove_device(agent=agent_of(request), endpoint=which.validated_data["endpoint"])
        return Response(status=204)


class HowWords(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Kind.choices)
    desktop = serializers.BooleanField()
    sound = serializers.BooleanField()
    email = serializers.BooleanField()


class RulesWords(serializers.Serializer[Any]):
    rules = HowWords(many=True)


class EmailWay(serializers.Serializer[Any]):
    possible = serializers.BooleanField()
    address = serializers.CharField()


class RulesShape(RulesWords):
    email = EmailWay()


class RulesApi(APIView):
    """How I want to be told of what. E-mail comes for what was not read within two minutes; `email`
    says whether this house sends any, and where mine goes."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: RulesShape, **PROBLEMS})
    def get(self, request: Request) -> Response:
        return _answer(agent_of(request))

    @extend_schema(request=RulesWords, responses={200: RulesShape, **PROBLEMS})
    def put(self, request: Request) -> Response:
        """Kinds that are not named stay as they are."""
        agent = agent_of(request)
        rules = words_of(RulesWords, request)["rules"]
        set_rules(
            agent_id=agent.pk,
            rules={r["kind"]: How(r["desktop"], r["sound"], r["email"]) for r in rules},
        )
        return _answer(agent)


def _answer(agent: Agent) -> Response:
    return Response(
        {
            "rules": [{"kind": kind, **how._asdict()} for kind, how in rules_of(agent.pk).items()],
            "email": {"possible": bool(settings.EMAIL_URL), "address": agent.email},
        }
    )
