"""Search over everything that was said, over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, conversation_for
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import Agent
from agents.reads.search import Hit, Known, Wanted, customers_like, search
from conversations.errors import BadWords
from conversations.frames import moment
from conversations.models import Conversation
from inboxes.models import Inbox


class SearchWords(serializers.Serializer[Any]):
    """`"quoted words"` stand together, `word*` is a start; the last word may be unfinished."""

    q = serializers.CharField(max_length=200, trim_whitespace=False)
    inbox = serializers.SlugField(max_length=64, required=False)
    agent = serializers.UUIDField(required=False, help_text="Who wrote it")
    conversation = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    cursor = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=20)


class HitShape(serializers.Serializer[Any]):
    conversation = serializers.UUIDField()
    state = serializers.CharField()
    inbox = AnyJson()
    customer = AnyJson()
    id = serializers.UUIDField()
    seq = serializers.IntegerField(allow_null=True)
    offset = serializers.IntegerField()
    author = AnyJson()
    note = serializers.BooleanField()
    text = serializers.CharField()
    highlights = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()),
        help_text="[start, end) in the text, counted in Unicode code points",
    )
    created_at = serializers.DateTimeField()
    score = serializers.FloatField()


class KnownShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    conversations = AnyJson()


class SearchPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="A cursor: there may be more")
    results = HitShape(many=True)
    customers = KnownShape(many=True)


class SearchApi(APIView):
    """Messages and notes that I may see; with the first page, customers too."""

    permission_classes = (MayAnswer,)

    @extend_schema(parameters=[SearchWords], responses={200: SearchPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        data = SearchWords(data=request.query_params)
        data.is_valid(raise_exception=True)
        words = data.validated_data
        if "\x00" in words["q"]:
            raise BadWords("A NUL can't be searched for.")
        agent = agent_of(request)
        found = search(
            _wanted(words, agent), agent=agent, cursor=words["cursor"], limit=words["limit"]
        )
        narrowed = {"inbox", "agent", "conversation", "since", "until"} & set(words)
        first = not words["cursor"] and not narrowed
        return Response(
            {
                "next": found.next,
                "results": [_shown(hit) for hit in found.hits],
                "customers": [_known(k) for k in customers_like(words["q"], agent=agent)]
                if first
                else [],
            }
        )


def _wanted(words: dict[str, Any], agent: Agent) -> Wanted:
    """Names → ids; what does not exist is found nowhere."""
    conversation = words.get("conversation")
    return Wanted(
        query=words["q"],
        inbox_id=_id_of(Inbox.objects.filter(key=words["inbox"])) if "inbox" in words else None,
        agent_id=_id_of(Agent.objects.filter(uuid=words["agent"])) if "agent" in words else None,
        conversation_id=conversation_for(agent, conversation).pk if conversation else None,
        since=words.get("since"),
        until=words.get("until"),
    )


def _id_of(rows: Any) -> int:
    return rows.values_list("pk", flat=True).first() or 0


def _shown(hit: Hit) -> dict[str, Any]:
    message = hit.message
    conversation = message.conversation
    return {
        "conversation": str(conversation.uuid),
        "state": conversation.state,
        "inbox": {"key": conversation.inbox.key, "name": conversation.inbox.name},
        "customer": {
            "id": str(conversation.customer.uuid),
            "name": conversation.customer.name,
            "email": conversation.customer.email,
        },
        "id": str(message.client_id),
        "seq": message.seq,
        "offset": message.offset,
        "author": {"kind": message.author_kind, "name": message.author_name},
        "note": message.note,
        "text": message.text,
        "highlights": [list(span) for span in hit.highlights],
        "created_at": moment(message.created_at),
        "score": hit.score,
    }


def _known(known: Known) -> dict[str, Any]:
    return {
        "id": str(known.customer.uuid),
        "name": known.customer.name,
        "email": known.customer.email,
        "conversations": [_line(conversation) for conversation in known.conversations],
    }


def _line(conversation: Conversation) -> dict[str, Any]:
    return {
        "conversation": str(conversation.uuid),
        "state": conversation.state,
        "preview": conversation.preview,
        "last_message_at": moment(conversation.last_message_at),
    }
