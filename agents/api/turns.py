"""Why the bot said what it said, over HTTP: its turns in a conversation, and one of them again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from agents import keyset
from agents.access import require
from agents.api.case_views import CaseView, Line, words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS, AnyJson
from agents.models import Agent
from bots import tasks
from bots.actions.rerun import ask_for_rerun
from bots.actions.reveal import REASON, reveal
from bots.models import BotRerun, BotTrace
from bots.reads.traces import reason_in_words
from conversations.errors import NotFound
from conversations.later import queue_task
from conversations.models import Conversation

VIEW, REVEAL = "bots.view_bottrace", "bots.reveal_trace"
_LATEST = (
    keyset.Key("at", "at", datetime, descending=True),
    keyset.Key("pk", "pk", int, descending=True),
)


class TurnShape(serializers.ModelSerializer[BotTrace]):
    """What it knew and did. Personal data stands in `data` as placeholders."""

    id = serializers.UUIDField(source="uuid")
    reason_says = serializers.SerializerMethodField()
    data = AnyJson(  # type: ignore[assignment]  # the API says `data`
        help_text="question, history, language, intent, manner, model, prompt, load, requests, features,"
        " passages, claims, citations, answer, stages."
    )

    class Meta:
        model = BotTrace
        fields = [
            "id",
            "at",
            "outcome",
            "reason",
            "reason_says",
            "by",
            "step",
            "chance",
            "tokens",
            "seconds",
            "asked_seq",
            "answer_seq",
            "trace",
            "data",
        ]
        read_only_fields = fields

    def get_reason_says(self, turn: BotTrace) -> str:
        return reason_in_words(turn.reason) if turn.reason else ""


class RerunShape(serializers.ModelSerializer[BotRerun]):
    id = serializers.UUIDField(source="uuid")
    data = AnyJson(  # type: ignore[assignment]  # the same
        help_text="As in a turn; empty while it is waiting."
    )

    class Meta:
        model = BotRerun
        fields = ["id", "kind", "state", "asked_at", "data"]
        read_only_fields = fields


class RerunWords(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        choices=BotRerun.Kind.choices,
        help_text="same: the passages it had, of the same versions; live: what is known today.",
    )


class RevealWords(serializers.Serializer[Any]):
    reason = Line(max_length=REASON, help_text="Why; it is written to the conversation's log.")


def turns_of(agent: Agent, conversation: Conversation) -> Any:
    """The turns of a conversation that the agent may see, if they may see turns."""
    require(agent, VIEW)
    return BotTrace.objects.filter(conversation=conversation).prefetch_related("reruns")


def turn_of(agent: Agent, conversation: Conversation, key: UUID) -> BotTrace:
    found: BotTrace | None = turns_of(agent, conversation).filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such turn, or not any more.")
    return found


def rerun(turn: BotTrace, *, kind: str, agent: Agent) -> BotRerun:
    """Notes it, and lets the model's worker do it."""
    row = ask_for_rerun(turn_id=turn.pk, kind=kind, agent_id=agent.pk, at=timezone.now())
    queue_task(tasks.rerun, rerun=str(row.uuid))
    return row


def revealed(turn: BotTrace, *, why: str, agent: Agent) -> dict[str, Any]:
    require(agent, REVEAL)
    return reveal(
        turn=turn, why=why, agent_id=agent.pk, agent_name=agent.shown_name, at=timezone.now()
    )


def _shown(turn: BotTrace) -> dict[str, Any]:
    return dict(TurnShape(turn).to_representation(turn).items())


class TurnsApi(CaseView):
    """The bot's turns in a conversation, the latest first; as long as they are kept."""

    @extend_schema(
        operation_id="conversations_turns_list",
        parameters=PAGING,
        responses={200: page_of(TurnShape, "TurnPage"), **PROBLEMS},
    )
    def get(self, request: Request, key: UUID) -> Response:
        rows = turns_of(*self.case(request, key))
        cursor, limit = paging_of(request)
        found = keyset.page(rows, _LATEST, cursor=cursor, limit=limit)
        return paged(request, found, _shown)


class TurnApi(CaseView):
    @extend_schema(responses={200: TurnShape, **PROBLEMS})
    def get(self, request: Request, key: UUID, turn: UUID) -> Response:
        return Response(TurnShape(turn_of(*self.case(request, key), turn)).data)


class TurnRevealApi(CaseView):
    """The turn with the values behind its placeholders. Who looked and why is logged."""

    @extend_schema(request=RevealWords, responses={200: TurnShape, **PROBLEMS})
    def post(self, request: Request, key: UUID, turn: UUID) -> Response:
        agent, conversation = self.case(request, key)
        row = turn_of(agent, conversation, turn)
        words = words_of(RevealWords, request)
        shown = _shown(row)
        return Response(shown | {"data": revealed(row, why=words["reason"], agent=agent)})


class TurnRerunsApi(CaseView):
    """The turn taken once more; nobody hears it."""

    @extend_schema(responses={200: RerunShape(many=True), **PROBLEMS})
    def get(self, request: Request, key: UUID, turn: UUID) -> Response:
        row = turn_of(*self.case(request, key), turn)
        return Response(RerunShape(row.reruns.all()[:20], many=True).data)

    @extend_schema(request=RerunWords, responses={202: RerunShape, **PROBLEMS})
    def post(self, request: Request, key: UUID, turn: UUID) -> Response:
        agent, conversation = self.case(request, key)
        row = turn_of(agent, conversation, turn)
        words = words_of(RerunWords, request)
        again = rerun(row, kind=words["kind"], agent=agent)
        return Response(RerunShape(again).data, status=status.HTTP_202_ACCEPTED)
