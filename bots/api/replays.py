"""Replays for programs: what a change would do to past questions, and publishing in spite of it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bots.access import may_override
from bots.actions import behaving, gate
from bots.api.article_shapes import ArticleSerializer
from bots.api.articles import MayChangeArticles, MayEditArticles
from bots.api.profiles import MayChangeProfiles, ProfileShape
from bots.models import Article, BotProfile, Replay, ReplayedQuestion, ReplayRule
from bots.models.article import REASON_LIMIT
from bots.reads.replays import is_stale, rule_of_the_house
from conversations.errors import NotAllowed


class ReplayOut(serializers.ModelSerializer[Replay]):
    """`counts` has for `near` (conversations that find the article) and `rest` (all others) how many
    there were, how many were replayed and how many changed; `estimate` is how many a week change,
    with a 95 % interval from `low` to `high`."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    article = serializers.SlugRelatedField[Any](
        slug_field="uuid", read_only=True, help_text="null: it is of a bot."
    )
    profile = serializers.SlugRelatedField[Any](
        slug_field="uuid", read_only=True, help_text="The bot's; null: it is of an article."
    )
    words = serializers.DictField(
        help_text="`before` and `after`: the article's words, or how the bot behaves."
    )
    is_stale = serializers.SerializerMethodField(
        help_text="The article, its draft or other articles have changed since."
    )
    asked_by = serializers.StringRelatedField[Any]()
    overridden_by = serializers.StringRelatedField[Any]()

    class Meta:
        model = Replay
        fields = [
            "id", "article", "profile", "what", "words", "state", "is_stale", "goes_live", "done", "total", "weeks",
            "counts", "estimate", "low", "high", "regressions", "contradictions", "created_at",
            "finished_at", "asked_by", "override_reason", "overridden_by", "overridden_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_stale(self, replay: Replay) -> bool:
        return is_stale(replay)


class ReplayedOut(serializers.ModelSerializer[ReplayedQuestion]):
    """A question that would be answered differently. `before` and `after`: `decision`, `reason`,
    `text`, `articles`, `titles`, `confidence`. `worse` is why it is a regression, empty if not."""

    question = serializers.CharField(source="asked.text")
    asked_at = serializers.DateTimeField(source="asked.asked_at")
    outcome = serializers.CharField(source="asked.outcome")

    class Meta:
        model = ReplayedQuestion
        fields = [
            "question",
            "asked_at",
            "outcome",
            "is_near",
            "change",
            "worse",
            "before",
            "after",
        ]
        read_only_fields = fields


class WhatIn(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=Replay.What.choices, default=Replay.What.PUBLISH)


class WhyIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=REASON_LIMIT)


class ArticleReplays(APIView):
    """The replays of one article, the newest first (the last ten are kept)."""

    permission_classes = (MayChangeArticles,)

    @extend_schema(responses=ReplayOut(many=True))
    def get(self, request: Request, key: UUID) -> Response:
        article = get_object_or_404(Article, uuid=key)
        found = article.replays.select_related("article", "asked_by", "overridden_by")
        return Response(ReplayOut(found[:50], many=True).data)

    @extend_schema(request=WhatIn, responses={202: ReplayOut})
    def post(self, request: Request, key: UUID) -> Response:
        """Replays what is saved now, without publishing anything."""
        given = WhatIn(data=request.data)
        given.is_valid(raise_exception=True)
        article = get_object_or_404(Article, uuid=key)
        what = given.validated_data["what"]
        replay = gate.begin(
            article=article.uuid, what=what, by_id=request.user.pk, at=timezone.now()
        )
        return Response(ReplayOut(replay).data, status=202)


class OneReplay(APIView):
    permission_classes = (MayChangeArticles,)

    @extend_schema(responses=ReplayOut)
    def get(self, request: Request, replay: UUID) -> Response:
        return Response(ReplayOut(get_object_or_404(Replay, uuid=replay)).data)


class ReplayQuestions(mixins.ListModelMixin, viewsets.GenericViewSet[ReplayedQuestion]):
    """What would be answered differently."""

    serializer_class = ReplayedOut
    permission_classes = (MayEditArticles,)

    def get_queryset(self) -> QuerySet[ReplayedQuestion]:
        if getattr(self, "swagger_fake_view", False):
            return ReplayedQuestion.objects.none()
        replay = get_object_or_404(Replay, uuid=self.kwargs["replay"])
        found = replay.asked.select_related("asked")
        return found.exclude(worse="") if self.request.query_params.get("worse") else found

    @extend_schema(parameters=[OpenApiParameter("worse", bool, description="Regressions only")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class ReplayOverride(APIView):
    permission_classes = (MayChangeArticles,)

    @extend_schema(
        request=WhyIn,
        responses=PolymorphicProxySerializer(
            component_name="Overridden",
            serializers=[ArticleSerializer, ProfileShape],
            resource_type_field_name=None,
        ),
    )
    def post(self, request: Request, replay: UUID) -> Response:
        """Makes the change in spite of what was found: the answer is the article, or the bot. Takes
        the right to override; the reason is kept."""
        given = WhyIn(data=request.data)
        given.is_valid(raise_exception=True)
        _ask_to_change(request, replay)
        done = gate.override(
            replay=replay,
            reason=given.validated_data["reason"],
            by_id=request.user.pk,
            may=may_override(request.user),
            at=timezone.now(),
        )
        if done.profile is not None:
            profile = BotProfile.objects.whole().get(replays=done)
            return Response(ProfileShape(profile, context={"request": request}).data)
        article = Article.objects.get(replays=done)
        return Response(ArticleSerializer(article, context={"request": request}).data)


def _ask_to_change(request: Request, key: UUID) -> None:
    """Raises NotAllowed: who changes articles does not therefore change bots."""
    is_of_a_bot = Replay.objects.filter(uuid=key).exclude(profile=None).exists()
    if is_of_a_bot and not request.user.has_perm("bots.change_botprofile"):
        raise NotAllowed("Your role does not allow this.")


class ProfileReplays(APIView):
    """The replays of one bot's changes, the newest first (the last ten are kept)."""

    permission_classes = (MayChangeProfiles,)

    @extend_schema(responses=ReplayOut(many=True))
    def get(self, request: Request, key: UUID) -> Response:
        profile = get_object_or_404(BotProfile, uuid=key)
        found = profile.replays.select_related("profile", "asked_by", "overridden_by")
        return Response(ReplayOut(found[:50], many=True).data)

    @extend_schema(request=None, responses={202: ReplayOut})
    def post(self, request: Request, key: UUID) -> Response:
        """Replays once more the change that waits."""
        waiting = behaving.waiting_for(get_object_or_404(BotProfile, uuid=key))
        if waiting is None:
            raise gate.NothingToReplay("No change of this bot waits.")
        replay = behaving.again(waiting, goes_live=True, by_id=request.user.pk, at=timezone.now())
        return Response(ReplayOut(replay).data, status=202)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: UUID) -> Response:
        """Forgets the change that waits; the bot stays as it is."""
        if not behaving.discard(get_object_or_404(BotProfile, uuid=key)):
            raise gate.NothingToReplay("No change of this bot waits.")
        return Response(status=204)


class ReplayRuleShape(serializers.ModelSerializer[ReplayRule]):
    class Meta:
        model = ReplayRule
        fields = ["mode", "weeks", "near_most", "rest_most"]


class TheRule(APIView):
    """How careful the house is before words become live."""

    permission_classes = (MayChangeArticles,)

    @extend_schema(responses=ReplayRuleShape)
    def get(self, request: Request) -> Response:
        return Response(ReplayRuleShape(rule_of_the_house()).data)

    @extend_schema(request=ReplayRuleShape, responses=ReplayRuleShape)
    def patch(self, request: Request) -> Response:
        if not request.user.has_perm("bots.change_replayrule"):
            raise NotAllowed("Your role does not allow this.")
        shape = ReplayRuleShape(rule_of_the_house(), data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        shape.save()
        return Response(shape.data)
