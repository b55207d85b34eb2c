"""The console over HTTP: everything its socket can do, for scripts and for pages."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for, queues_of, visible_to
from agents.actions import assign as assigning
from agents.actions import offers, presence
from agents.authentication import issue_token
from agents.consumers import log_after, me
from agents.models import Agent, Assignment, Offer, Queue, Team
from agents.queries import holding_of, queue_counts, with_load
from conversations.actions.post import post
from conversations.api import Problem, UploadAnswer, UploadRequest, address_of
from conversations.drafts import Draft
from conversations.errors import BadWords, NotAllowed, Refused
from conversations.frames import agent_message, conversation_card, moment
from conversations.limits import Limit
from conversations.models import Conversation, Message
from conversations.uploads import as_attachment, attachments_of, keep
from conversations.words import TEXT_LIMIT, clean_line, clean_text

_sign_ins = Limit(rate=settings.SIGN_INS_PER_MINUTE / 60, burst=settings.SIGN_INS_PER_MINUTE)
_PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem}
_FROM_JSON = OpenApiTypes.OBJECT


class WrongPassword(Refused):
    code = "wrong_password"
    http_status = 401


class SignIn(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=256, trim_whitespace=False)


class Token(serializers.Serializer[Any]):
    token = serializers.CharField()


class TokenApi(APIView):
    """A bearer token for thirty days; the browser gets a session cookie as well."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        request=SignIn, responses={200: Token, 400: Problem, 401: Problem, 429: Problem}, auth=[]
    )
    def post(self, request: Request) -> Response:
        data = SignIn(data=request.data)
        data.is_valid(raise_exception=True)
        username = data.validated_data["username"]
        # By address and name, so that a stranger elsewhere can't lock the owner out.
        _sign_ins.check(f"{address_of(request)} {username.lower()}")
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

    @extend_schema(request=PresenceWords, responses={200: PresenceAnswer, **_PROBLEMS})
    def post(self, request: Request) -> Response:
        data = PresenceWords(data=request.data)
        data.is_valid(raise_exception=True)
        now = presence.set_presence(
            agent_id=agent_of(request).pk, at=timezone.now(), **data.validated_data
        )
        return Response({"status": now.status, "reason": now.reason, "since": moment(now.since)})


# --- conversations ---


@extend_schema_field(_FROM_JSON)
class AnyJson(serializers.JSONField):
    """An object as the protocol's frames show it."""


class Card(serializers.Serializer[Any]):
    """A conversation in a list."""

    type = serializers.CharField()
    conversation = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Conversation.State.choices)
    inbox = AnyJson()
    customer = AnyJson()
    assignee = AnyJson(allow_null=True)
    queue = AnyJson(allow_null=True)
    language = serializers.CharField()
    priority = serializers.IntegerField()
    labels = serializers.ListField(child=serializers.CharField())
    sentiment = serializers.FloatField(allow_null=True)
    last_message = AnyJson()
    last_message_at = serializers.DateTimeField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    queued_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    seq = serializers.IntegerField()
    offset = serializers.IntegerField()
    unread = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return conversation_card(instance) if isinstance(instance, Conversation) else instance


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


class ConversationsApi(ListAPIView[Conversation]):
    """What I may see, the latest first."""

    permission_classes = (MayAnswer,)
    serializer_class = Card
    pagination_class = Latest
    queryset = Conversation.objects.none()

    @extend_schema(parameters=[Filters], responses={200: Card(many=True), **_PROBLEMS})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
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
        found = found.exclude(state="resolved") if state == "open" else found.filter(state=state)
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


class Labels(serializers.Serializer[Any]):
    labels = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=20, required=False
    )
    priority = serializers.ChoiceField(choices=Conversation.Priority.choices, required=False)


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

    @extend_schema(responses={200: Detail, **_PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        return Response(detail_of(conversation_for(agent_of(request), key)))

    @extend_schema(request=Labels, responses={200: Card, **_PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        data = Labels(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        assigning.label(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            labels=data.validated_data.get("labels"),
            priority=data.validated_data.get("priority"),
            at=timezone.now(),
        )
        return _card(key)


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
                "state": c.state,
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


def _card(key: UUID) -> Response:
    """The conversation as it is now; after passing it on, its last card is still an answer."""
    found = (
        Conversation.objects.select_related("inbox", "customer", "assignee", "queue")
        .filter(uuid=key)
        .get()
    )
    return Response(conversation_card(found))


class LogApi(APIView):
    """The log from an offset on: messages and everything else, in order."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        parameters=[OpenApiParameter("after", int, description="The last offset you have")],
        responses={200: AnyJson, **_PROBLEMS},
    )
    def get(self, request: Request, key: UUID) -> Response:
        conversation = conversation_for(agent_of(request), key)
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdecimal()) or len(after) > 9:
            raise BadWords('"after" is an offset.')
        return Response(
            {"results": log_after(conversation.pk, conversation.uuid, after=int(after))}
        )


class Words(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField(max_length=TEXT_LIMIT, required=False, allow_blank=True)
    note = serializers.BooleanField(required=False, default=False)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), max_length=10, required=False, default=list
    )


class MessagesApi(APIView):
    """Say something: idempotent by the id that you give it."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=Words, responses={201: AnyJson, **_PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        data = Words(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        conversation = conversation_for(agent, key)
        words = data.validated_data
        attachments = attachments_of(conversation.pk, words["attachments"])
        text = clean_text(words.get("text", ""))
        if not text and not attachments:
            raise BadWords("A message has a text or a file.")
        stored = post(
            Draft(
                conversation_id=conversation.pk,
                client_id=words["id"],
                author_kind="agent",
                author_name=agent.shown_name,
                agent_id=agent.pk,
                note=words["note"],
                text=text,
                attachments=attachments,
                at=timezone.now(),
            )
        )
        message = Message.objects.get(pk=stored.message_id)
        return Response(
            agent_message(message, conversation=conversation.uuid), status=status.HTTP_201_CREATED
        )


class AgentUploadApi(APIView):
    permission_classes = (MayAnswer,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": UploadRequest}, responses={201: UploadAnswer, **_PROBLEMS}
    )
    def post(self, request: Request, key: UUID) -> Response:
        conversation = conversation_for(agent_of(request), key)
        data = UploadRequest(data=request.data)
        data.is_valid(raise_exception=True)
        file = data.validated_data["file"]
        upload = keep(
            conversation_id=conversation.pk,
            name=file.name or "",
            content=file.read(settings.UPLOAD_MAX_BYTES + 1),
            by_customer=False,
            at=timezone.now(),
        )
        return Response(as_attachment(upload), status=status.HTTP_201_CREATED)


class Nothing(serializers.Serializer[Any]):
    """No words are needed."""


class Move(APIView):
    """Something an agent does with a conversation; answers its card afterwards."""

    permission_classes = (MayAnswer,)
    Input: type[serializers.Serializer[Any]] = Nothing

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        raise NotImplementedError

    def post(self, request: Request, key: UUID) -> Response:
        data = self.Input(data=request.data)
        data.is_valid(raise_exception=True)
        agent = agent_of(request)
        self.act(agent, conversation_for(agent, key), data.validated_data)
        return _card(key)


def _described(view: type[Move]) -> type[Move]:
    return extend_schema(request=view.Input, responses={200: Card, **_PROBLEMS})(view)


@_described
class ClaimApi(Move):
    """Take it from the queue."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        assigning.claim(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class AcceptApi(Move):
    """Take what was offered to me."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        offers.accept(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class DeclineApi(Move):
    """Not me: ask the next one."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        offers.decline(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class TransferApi(Move):
    """Pass it on to exactly one of: an agent, a team, a queue, the bot."""

    class Input(serializers.Serializer[Any]):
        agent = serializers.UUIDField(required=False)
        team = serializers.UUIDField(required=False)
        queue = serializers.UUIDField(required=False)
        bot = serializers.BooleanField(required=False)
        note = serializers.CharField(
            max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
        )

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        targets = [(k, words[k]) for k in ("agent", "team", "queue", "bot") if words.get(k)]
        if len(targets) != 1:
            raise BadWords("Name one of agent, team, queue, bot.")
        kind, target = targets[0]
        assigning.transfer(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            kind=kind,
            target=None if kind == "bot" else target,
            note=words["note"],
            at=timezone.now(),
        )


@_described
class ResolveApi(Move):
    """Done."""

    class Input(serializers.Serializer[Any]):
        disposition = serializers.ChoiceField(
            choices=list(assigning.DISPOSITIONS), required=False, default="", allow_blank=True
        )
        note = serializers.CharField(
            max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
        )

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        assigning.resolve(
            conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now(), **words
        )


@_described
class ReopenApi(Move):
    """Take a resolved one up again."""

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        assigning.reopen(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())


@_described
class SnoozeApi(Move):
    """Let it sleep until a time, or until the customer writes."""

    class Input(serializers.Serializer[Any]):
        until = serializers.DateTimeField()

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        assigning.snooze(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            until=words["until"],
            at=timezone.now(),
        )


@_described
class ReadApi(Move):
    """I have seen everything up to a seq."""

    class Input(serializers.Serializer[Any]):
        seq = serializers.IntegerField(min_value=0, max_value=2**31 - 1)

    def act(self, agent: Agent, conversation: Conversation, words: dict[str, Any]) -> None:
        if conversation.assignee_id != agent.pk:
            raise NotAllowed("Somebody else has this conversation.")
        assigning.mark_read(conversation=conversation, seq=words["seq"])


# --- people and queues ---


class Person(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.CharField()
    load = serializers.IntegerField()
    capacity = serializers.IntegerField()


class People(APIView):
    """Everybody who answers customers, and how busy they are."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: Person(many=True), 401: Problem, 403: Problem})
    def get(self, request: Request) -> Response:
        rows = with_load(
            Agent.objects.filter(is_active=True).exclude(groups=None).select_related("presence")
        )
        return Response(
            [
                {
                    "id": str(a.uuid),
                    "name": a.shown_name,
                    "status": a.presence.status if hasattr(a, "presence") else "offline",
                    "load": holding_of(a),
                    "capacity": a.capacity,
                }
                for a in rows[:500]
            ]
        )


class QueueState(serializers.Serializer[Any]):
    type = serializers.CharField()
    queue = AnyJson()
    waiting = serializers.IntegerField()
    longest_wait = serializers.IntegerField(allow_null=True)
    service_level = serializers.FloatField(allow_null=True)
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
