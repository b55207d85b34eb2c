"""What was learnt, for programs: unanswered questions, learned answers, pairs of articles."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    inline_serializer,
)
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from bots.access import may_publish, may_see_conversations
from bots.actions import neighbours, pairs
from bots.actions.gaps import draft_article, set_state
from bots.api.article_shapes import ArticleSerializer
from bots.api.articles import MayEditArticles
from bots.models import ArticlePair, Gap, LearnedPair
from bots.reads.gaps import effect_of, weeks_of
from conversations.errors import NotAllowed

ADD_ARTICLE = "bots.add_article"


class MayEditGaps(MayEditArticles):
    NEEDED: ClassVar[dict[str, str]] = {
        "GET": "bots.view_gap",
        "HEAD": "bots.view_gap",
        "OPTIONS": "bots.view_gap",
        "POST": "bots.change_gap",
        "PATCH": "bots.change_gap",
    }


class GapOut(serializers.ModelSerializer[Gap]):
    """`evidence` has the questions, what people answered, the nearest articles, and what the kind rests
    on; all of it without personal data. `weekly` counts the last four weeks."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    article = serializers.SlugRelatedField[Any](slug_field="uuid", read_only=True)
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = Gap
        fields = [
            "id", "title", "language", "kind", "state", "size", "searches", "weekly", "first_at", "last_at",
            "evidence", "article", "predicted", "decided_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DictField())
    def get_evidence(self, gap: Gap) -> dict[str, Any]:
        if may_see_conversations(self.context["request"].user):
            return dict(gap.evidence)
        replies = [{"text": one["text"]} for one in gap.evidence.get("replies", [])]
        return {**gap.evidence, "replies": replies}


class StateIn(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["open", "solved", "ignored"])


class ByImpact(CursorPagination):
    ordering: Any = ("-weekly", "-size", "-pk")
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"


_WEEK = inline_serializer(
    "GapWeek", {"begins": serializers.DateTimeField(), "questions": serializers.IntegerField()}
)
_EFFECT = inline_serializer(
    "GapEffect",
    {
        "predicted": serializers.FloatField(),
        "weeks": serializers.FloatField(),
        "answered": serializers.FloatField(),
        "unanswered": serializers.FloatField(),
    },
)


@extend_schema(
    parameters=[
        OpenApiParameter("state", str, enum=Gap.State.values),
        OpenApiParameter("kind", str, enum=[one for one in Gap.Kind.values if one]),
    ]
)
class GapViewSet(viewsets.ReadOnlyModelViewSet[Gap]):
    """Questions that the bot could not answer, put together; what is asked most comes first."""

    serializer_class = GapOut
    permission_classes = (MayEditGaps,)
    pagination_class = ByImpact
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    queryset = Gap.objects.all()

    def get_queryset(self) -> QuerySet[Gap]:
        found = Gap.objects.select_related("article").defer("centre")
        for name in ("state", "kind"):
            value = self.request.query_params.get(name)
            if value and "\0" not in value:
                found = found.filter(**{name: value})
        return found

    @extend_schema(parameters=[], responses=inline_serializer("GapWeeks", {"weeks": serializers.ListField(child=_WEEK), "effect": _EFFECT}))  # fmt: skip
    @action(detail=True)
    def weeks(self, request: Request, id: UUID) -> Response:  # noqa: A002 -- as in the address
        """Questions of twelve weeks; and what its article has done since it is live (else null)."""
        gap, at = self.get_object(), timezone.now()
        effect = effect_of(gap, at=at)
        counted = weeks_of([gap], at=at)[gap.pk]
        return Response(
            {
                "weeks": [{"begins": one.begins, "questions": one.questions} for one in counted],
                "effect": None
                if effect is None
                else {
                    "predicted": effect.predicted,
                    "weeks": effect.weeks,
                    "answered": effect.answered,
                    "unanswered": effect.unanswered,
                },
            }
        )

    @extend_schema(parameters=[], request=StateIn, responses=GapOut)
    @action(detail=True, methods=["post"])
    def state(self, request: Request, id: UUID) -> Response:  # noqa: A002
        given = StateIn(data=request.data)
        given.is_valid(raise_exception=True)
        gap = set_state(
            gap=self.get_object().uuid,
            state=given.validated_data["state"],
            by_id=request.user.pk,
            at=timezone.now(),
        )
        return Response(self.get_serializer(gap).data)

    @extend_schema(parameters=[], request=None, responses={201: ArticleSerializer})
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """An article that nobody reads yet, from the best of what people answered."""
        if not request.user.has_perm(ADD_ARTICLE):
            raise NotAllowed("Your role does not allow this.")
        article = draft_article(
            gap=self.get_object().uuid, by_id=request.user.pk, at=timezone.now()
        )
        shown = ArticleSerializer(article, context={"request": request}).data
        return Response(shown, status=201)


# --- learned answers ----------------------------------------------------------------------


class MayEditLearned(MayEditArticles):
    NEEDED: ClassVar[dict[str, str]] = {
        "GET": "bots.view_learnedpair",
        "HEAD": "bots.view_learnedpair",
        "OPTIONS": "bots.view_learnedpair",
        "POST": "bots.change_learnedpair",
    }


class LearnedOut(serializers.ModelSerializer[LearnedPair]):
    """`becomes`: an `example` question of `article`, which says this already, or a new `article`. `others`
    are questions that people gave the same answer to; they become example questions, too."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    article = serializers.SlugRelatedField[Any](slug_field="uuid", read_only=True)
    conversation = serializers.SerializerMethodField(
        help_text="Where it was said; null for who may not see it."
    )

    class Meta:
        model = LearnedPair
        fields = [
            "id", "question", "others", "answer", "language", "becomes", "article", "conversation", "seen",
            "state", "found_at", "decided_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_conversation(self, pair: LearnedPair) -> str | None:
        if pair.asked is None or not may_see_conversations(self.context["request"].user):
            return None
        return str(pair.asked.conversation.uuid)


class _Waiting(CursorPagination):
    ordering: Any = ("-seen", "-pk")
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"


@extend_schema(parameters=[OpenApiParameter("state", str, enum=LearnedPair.State.values)])
class LearnedViewSet(viewsets.ReadOnlyModelViewSet[LearnedPair]):
    """Questions and answers learnt from conversations that people resolved; they wait for approval."""

    serializer_class = LearnedOut
    permission_classes = (MayEditLearned,)
    pagination_class = _Waiting
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    queryset = LearnedPair.objects.all()

    def get_queryset(self) -> QuerySet[LearnedPair]:
        found = LearnedPair.objects.select_related("article", "asked__conversation")
        state = self.request.query_params.get("state")
        return found.filter(state=state) if state and "\0" not in state else found

    @extend_schema(parameters=[], request=None, responses=LearnedOut)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Becomes an example question, or a draft; as in the admin."""
        if not request.user.has_perm(ADD_ARTICLE):
            raise NotAllowed("Your role does not allow this.")
        pair, _ = pairs.approve(
            pair=self.get_object().uuid,
            may_publish=may_publish(request.user),
            by_id=request.user.pk,
            at=timezone.now(),
        )
        return Response(self.get_serializer(pair).data)

    @extend_schema(parameters=[], request=None, responses=LearnedOut)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """For good: its like does not come again."""
        pair = pairs.reject(pair=self.get_object().uuid, by_id=request.user.pk, at=timezone.now())
        return Response(self.get_serializer(pair).data)


# --- pairs of articles --------------------------------------------------------------------


class MayEditPairs(MayEditArticles):
    NEEDED: ClassVar[dict[str, str]] = {
        "GET": "bots.view_articlepair",
        "HEAD": "bots.view_articlepair",
        "OPTIONS": "bots.view_articlepair",
        "POST": "bots.change_articlepair",
    }


class PairOut(serializers.ModelSerializer[ArticlePair]):
    """`sentences` has those that do not agree, of both articles, with their places in the bodies and
    why: `figure`, `negation` or `opposite`."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    first = serializers.SlugRelatedField[Any](slug_field="uuid", read_only=True)
    second = serializers.SlugRelatedField[Any](slug_field="uuid", read_only=True)

    class Meta:
        model = ArticlePair
        fields = [
            "id", "kind", "first", "second", "score", "sentences", "state", "found_at", "decided_at",
        ]  # fmt: skip
        read_only_fields = fields


class DecideIn(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["open", "dismissed", "linked"])


class MergeIn(serializers.Serializer[Any]):
    keep = serializers.UUIDField(help_text="The article that stays.")


@extend_schema(
    parameters=[
        OpenApiParameter("state", str, enum=ArticlePair.State.values),
        OpenApiParameter("kind", str, enum=ArticlePair.Kind.values),
    ]
)
class PairViewSet(viewsets.ReadOnlyModelViewSet[ArticlePair]):
    """Articles that say the same, or contradict each other."""

    serializer_class = PairOut
    permission_classes = (MayEditPairs,)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    queryset = ArticlePair.objects.all()

    def get_queryset(self) -> QuerySet[ArticlePair]:
        found = ArticlePair.objects.select_related("first", "second")
        for name in ("state", "kind"):
            value = self.request.query_params.get(name)
            if value and "\0" not in value:
                found = found.filter(**{name: value})
        return found

    @extend_schema(parameters=[], request=DecideIn, responses=PairOut)
    @action(detail=True, methods=["post"])
    def state(self, request: Request, id: UUID) -> Response:  # noqa: A002
        given = DecideIn(data=request.data)
        given.is_valid(raise_exception=True)
        pair = neighbours.decide(
            pair=self.get_object().uuid,
            state=given.validated_data["state"],
            by_id=request.user.pk,
            at=timezone.now(),
        )
        return Response(self.get_serializer(pair).data)

    @extend_schema(parameters=[], request=MergeIn, responses=ArticleSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One stays, with a draft that has what both say; the other is archived."""
        given = MergeIn(data=request.data)
        given.is_valid(raise_exception=True)
        if not may_publish(request.user):
            raise NotAllowed("Archiving a live article takes the right to publish articles.")
        kept = neighbours.merge(
            pair=self.get_object().uuid,
            keep=given.validated_data["keep"],
            by_id=request.user.pk,
            at=timezone.now(),
        )
        return Response(ArticleSerializer(kept, context={"request": request}).data)
