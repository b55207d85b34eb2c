"""Scores, reviews and appeals over HTTP: the same as on their pages, for a program."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, require
from agents.api.case_views import words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS
from agents.models import Agent
from analytics.quality.actions.appeals import appeal, decide
from analytics.quality.actions.review import note_look, review
from analytics.quality.models import Answer, Appeal, Score
from analytics.quality.reads.scores import (
    SCORE,
    may_look,
    open_appeals,
    scores_of,
    to_score,
)
from conversations.errors import NotAllowed, NotFound

_LATEST = (
    keyset.Key("ended_at", "ended_at", datetime, descending=True),
    keyset.Key("pk", "pk", int, descending=True),
)


class ScoreShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    conversation = serializers.UUIDField(source="conversation.uuid")
    subject = serializers.ChoiceField(choices=Score.Subject.choices)
    agent = serializers.UUIDField(source="agent.uuid", default=None, allow_null=True)
    card = serializers.CharField(source="version.card.name")
    version = serializers.IntegerField(source="version.number")
    total = serializers.FloatField(allow_null=True, help_text="0 to 100; null: nothing counts.")
    is_fatal = serializers.BooleanField()
    left_out = serializers.IntegerField(help_text="Answers of questions that are not reliable.")
    ended_at = serializers.DateTimeField()


class SpanShape(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class AnswerShape(serializers.Serializer[Any]):
    code = serializers.CharField(source="question.code")
    question = serializers.CharField(source="question.text")
    value = serializers.IntegerField(
        allow_null=True, help_text="1 yes, 0 no, or a place; null: n/a."
    )
    highest = serializers.IntegerField(source="question.highest", allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    why = serializers.CharField()
    is_corrected = serializers.BooleanField()
    evidence = SpanShape(many=True)


class FilledShape(ScoreShape):
    answers = AnswerShape(many=True)


class GivenShape(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40)
    value = serializers.IntegerField(min_value=0, max_value=10, allow_null=True)
    text = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class ReviewWords(serializers.Serializer[Any]):
    answers = GivenShape(many=True)


class ReviewShape(ScoreShape):
    is_blind = serializers.BooleanField()


class AppealWords(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40, help_text="The question.")
    reason = serializers.CharField(max_length=500)


class DecisionWords(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
    value = serializers.IntegerField(
        min_value=0,
        max_value=10,
        allow_null=True,
        default=None,
        help_text="Of the answer, if accepted.",
    )
    words = serializers.CharField(max_length=500, allow_blank=True, default="")


class AppealShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    score = serializers.UUIDField(source="answer.score.uuid")
    code = serializers.CharField(source="answer.question.code")
    agent = serializers.UUIDField(source="agent.uuid")
    reason = serializers.CharField()
    state = serializers.ChoiceField(choices=Appeal.State.choices)
    words = serializers.CharField()
    at = serializers.DateTimeField()


def _score(agent: Agent, key: UUID) -> Score:
    found = scores_of(agent).filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such score.")
    return found


class ScoresApi(APIView):
    """Scores of ended conversations, the latest first: one's own, or all for who may see them."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        operation_id="scores_list",
        parameters=PAGING,
        responses={200: page_of(ScoreShape, "ScorePage"), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        cursor, limit = paging_of(request)
        rows = scores_of(agent_of(request))
        found = keyset.page(rows, _LATEST, cursor=cursor, limit=limit)
        return paged(request, found, lambda row: dict(ScoreShape(row).data))


class ToScoreApi(APIView):
    """What chance has drawn for people and this one has not scored yet, the oldest first."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: ScoreShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        agent = agent_of(request)
        require(agent, SCORE)
        rows = [task.score for task in to_score(agent)[:100]]
        return Response(ScoreShape(rows, many=True).data)


class ScoreApi(APIView):
    """A score with its answers. Who is asked to score it blindly scores it first."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: FilledShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        score = _score(agent, key)
        if not may_look(score, agent):
            raise NotAllowed("It was drawn for you to score without seeing the answers first.")
        note_look(score=score, agent=agent, at=timezone.now())
        return Response(
            {**ScoreShape(score).data, "answers": AnswerShape(_answers(score), many=True).data}
        )


def _answers(score: Score) -> QuerySet[Answer]:
    return score.answers.select_related("question").order_by(
        "question__section__position", "question__position"
    )


class ReviewsApi(APIView):
    """A person's own answers beside the machine's."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=ReviewWords, responses={201: ReviewShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        require(agent, SCORE)
        score = _score(agent, key)
        given = words_of(ReviewWords, request)["answers"]
        said: dict[str, tuple[int | None, str] | None] = {
            one["code"]: (one["value"], one["text"]) for one in given
        }
        made = review(score=score, reviewer=agent, said=said, at=timezone.now())
        made.refresh_from_db()
        return Response(ReviewShape(made).data, status=status.HTTP_201_CREATED)


class AppealsApi(APIView):
    """The agent who was scored disagrees with an answer."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=AppealWords, responses={201: AppealShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        score = _score(agent, key)
        words = words_of(AppealWords, request)
        answer = (
            Answer.objects.select_related("score", "question")
            .filter(score=score, question__code=words["code"])
            .first()
        )
        if answer is None:
            raise NotFound("This question was not answered.")
        made = appeal(answer=answer, agent=agent, reason=words["reason"], at=timezone.now())
        return Response(AppealShape(made).data, status=status.HTTP_201_CREATED)


def _appeals(agent: Agent) -> QuerySet[Appeal]:
    return Appeal.objects.filter(answer__score__in=scores_of(agent)).select_related(
        "agent", "answer__question", "answer__score"
    )


class OpenAppealsApi(APIView):
    """Open appeals that this manager may decide, the oldest first."""

    permission_classes = (MayAnswer,)

    @extend_schema(
        operation_id="score_appeals_list", responses={200: AppealShape(many=True), **PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        agent = agent_of(request)
        require(agent, SCORE)
        return Response(AppealShape(open_appeals(agent)[:100], many=True).data)


class AppealApi(APIView):
    """A manager decides."""

    permission_classes = (MayAnswer,)

    @extend_schema(request=DecisionWords, responses={200: AppealShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent = agent_of(request)
        require(agent, SCORE)
        found = _appeals(agent).filter(uuid=key).first()
        if found is None:
            raise NotFound("There is no such appeal.")
        words = words_of(DecisionWords, request)
        decide(
            appeal=found,
            by=agent,
            accept=words["accept"],
            value=words["value"],
            words=words["words"],
            at=timezone.now(),
        )
        return Response(AppealShape(_appeals(agent).get(uuid=key)).data)
