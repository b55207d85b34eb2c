"""Lists of conversations, one with everything around it, and its log, over HTTP."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for, visible_to
from agents.actions import labelling
from agents.api.saved_views import answer_view
from agents.api.shapes import PROBLEMS, AnyJson, Card
from agents.confidential import log_for
from agents.models import Agent, Assignment, Offer
from agents.queries import current
from agents.rules.shapes import Need
from conversations.errors import BadWords
from conversations.frames import conversation_card, moment
from conversations.lifecycle import OPEN, behind, shown
from conversations.models import Conversation


class Latest(CursorPagination):
    ordering = ("-last_message_at", "-pk")
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"


class Filters(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=[*Conversation.State.values, "open"], required=False)
    assignee = serializers.CharField(max_length=40, required=False)
    queue = serializers.UUIDField(required=False)
    inbox = serializers.SlugField(max_length=64, required=False)
    search = serializers.CharField(max_length=200, required=False, allow_blank=True)
    view = serializers.UUIDField(required=False, help_text="A saved view; then nothing else counts")


class ConversationsApi(ListAPIView[Conversation]):
    """What I may see, the latest first."""

    permission_classes = (MayAnswer,)
    serializer_class = Card
    pagination_class = Latest
    queryset = Conversation.objects.none()

    @extend_schema(parameters=[Filters], responses={200: Card(many=True), **PROBLEMS})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        filters = Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        if view := filters.validated_data.get("view"):
            return answer_view(request, view)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Conversation]:
        filters = Filters(data=self.request.query_params)
        filters.is_valid(raise_exception=True)
        agent = agent_of(self.request)
        found = visible_to(agent).select_related("inbox", "customer", "assignee", "queue")
        return _filtered(found, agent, filters.validated_data)


def _filtered(
    found: QuerySet[Conversation], agent: Agent, wanted: dict[str, Any]
) -> QuerySet[Conversation]:
    if state := wanted.get("state"):
        found = (
            found.filter(state__in=OPEN)
            if state == "open"
            else found.filter(state__in=behind(state))
        )
    match wanted.get("assignee"):
        case None | "":
            pass
        case "me":
            found = found.filter(assignee=agent)
        case "none":
            found = found.filter(assignee=None)
        case key:
            found = found.filter(assignee__uuid=_uuid(key))
    if queue := wanted.get("queue"):
        found = found.filter(queue__uuid=queue)
    if inbox := wanted.get("inbox"):
        found = found.filter(inbox__key=inbox)
    if words := wanted.get("search"):
        found = found.filter(
            Q(customer__name__icontains=words)
            | Q(customer__email__icontains=words)
            | Q(preview__icontains=words)
        )
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadWords('"assignee" is me, none or an agent\'s id.') from error


class NeedWords(serializers.Serializer[Any]):
    skill = serializers.CharField(max_length=80)
    level = serializers.IntegerField(min_value=1, max_value=5, default=1)


class Labels(serializers.Serializer[Any]):
    labels = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, required=False
    )
    priority = serializers.ChoiceField(choices=Conversation.Priority.choices, required=False)
    needs = serializers.ListField(
        child=NeedWords(), max_length=20, required=False, help_text="Skills that this one needs."
    )


class Detail(Card):
    """One conversation with everything around it."""

    customer_read_seq = serializers.IntegerField()
    details = AnyJson()
    handoffs = AnyJson()
    rating = AnyJson(allow_null=True)
    callbacks = AnyJson()
    previous = AnyJson()
    assignments = AnyJson()
    why = AnyJson(allow_null=True)


class ConversationApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: Detail, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        return Response(detail_of(conversation_for(agent_of(request), key)))

    @extend_schema(request=Labels, responses={200: Card, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        data = Labels(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        labelling.label(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            labels=data.validated_data.get("labels"),
            priority=data.validated_data.get("priority"),
            needs=_needs(data.validated_data.get("needs")),
            at=timezone.now(),
        )
        return Response(conversation_card(current(key)))


def _needs(words: list[dict[str, Any]] | None) -> list[Need] | None:
    return None if words is None else [Need(w["skill"].lower(), w["level"]) for w in words]


def detail_of(conversation: Conversation) -> dict[str, Any]:
    customer = conversation.customer
    rating = getattr(conversation, "rating", None)
    offer = Offer.objects.filter(conversation=conversation).first()
    return {
        **conversation_card(conversation),
        "customer_read_seq": conversation.customer_read_seq,
        "details": {
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone,
            "language": customer.language or conversation.language,
            "attributes": customer.attributes,
            "verified": customer.identities.exists(),
            "created_at": moment(customer.created_at),
        },
        "handoffs": [
            {"reason": h.reason, "summary": h.summary, "requested_at": moment(h.requested_at)}
            for h in conversation.handoffs.all()[:20]
        ],
        "rating": {"score": rating.score, "comment": rating.comment} if rating else None,
        "callbacks": [
            {
                "id": str(c.uuid),
                "phone": c.phone,
                "at": moment(c.call_at),
                "state": c.state,
                "created_at": moment(c.created_at),
            }
            for c in conversation.callbacks.all()[:20]
        ],
        "previous": [
            {
                "id": str(c.uuid),
                "opened_at": moment(c.opened_at),
                "state": shown(c.state),
                "preview": c.preview,
                "rating": c.rating.score if hasattr(c, "rating") else None,
            }
            for c in Conversation.objects.filter(customer=customer)
            .exclude(pk=conversation.pk)
            .select_related("rating")[:20]
        ],
        "assignments": [
            {
                "agent": {"id": str(a.agent.uuid), "name": a.agent.shown_name},
                "started_at": moment(a.started_at),
                "ended_at": moment(a.ended_at),
            }
            for a in Assignment.objects.filter(conversation=conversation).select_related("agent")[
                :20
            ]
        ],
        "why": offer.why if offer else None,
    }


class LogApi(APIView):
    """The log from an offset on: messages and everything else, in order."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[OpenApiParameter("after", int, description="The last offset you have")],
        responses={200: AnyJson, **PROBLEMS},
    )
    def get(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdecimal()) or len(after) > 9:
            raise BadWords('"after" is an offset.')
        return Response(
            {"results": log_for(agent, conversation.pk, conversation.uuid, after=int(after))}
        )
