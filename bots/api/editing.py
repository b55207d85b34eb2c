"""The life of an article for programs: its draft, its versions, publishing and restoring."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bots.access import may_publish
from bots.actions import gate
from bots.actions.editing import (
    NothingToPublish,
    discard_draft,
    restore_version,
    write_draft,
)
from bots.api.article_shapes import ArticleSerializer, DraftOut
from bots.api.articles import MayChangeArticles, waiting
from bots.help_centre.helpfulness import versions_with_votes
from bots.models import Article, Draft, Version, Words
from bots.models.article import (
    BODY_LIMIT,
    QUESTION_LIMIT,
    QUESTIONS_LIMIT,
    REASON_LIMIT,
    TITLE_LIMIT,
)
from bots.reads.wordings import proposed_questions
from conversations.errors import NotAllowed


class DraftIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=TITLE_LIMIT, required=False)
    body = serializers.CharField(max_length=BODY_LIMIT, allow_blank=True, required=False)
    questions = serializers.ListField(
        child=serializers.CharField(max_length=QUESTION_LIMIT),
        max_length=QUESTIONS_LIMIT,
        required=False,
    )
    reason = serializers.CharField(max_length=REASON_LIMIT, allow_blank=True, required=False)


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=REASON_LIMIT, required=False, help_text="Instead of what the draft says."
    )


class VersionOut(serializers.ModelSerializer[Version]):
    published_by = serializers.StringRelatedField[Any]()
    votes = serializers.IntegerField(source="votes_given")
    votes_for = serializers.IntegerField()

    class Meta:
        model = Version
        fields: Sequence[str] = [
            "number",
            "title",
            "body",
            "questions",
            "language",
            "reason",
            "published_at",
            "published_by",
            "votes",
            "votes_for",
        ]


class _OfArticle(APIView):
    permission_classes = (MayChangeArticles,)

    def article(self, key: UUID) -> Article:
        return get_object_or_404(Article, uuid=key)

    def ask_to_publish(self) -> None:
        if not may_publish(self.request.user):
            raise NotAllowed(
                "You may write drafts; publishing takes the right to publish articles."
            )

    def shown(self, key: UUID) -> Response:
        context = {"request": self.request}
        return Response(ArticleSerializer(self.article(key), context=context).data)


class ArticleDraft(_OfArticle):
    """New words for an article that is live. Readers and the bot have the old ones meanwhile."""

    @extend_schema(responses=DraftOut)
    def get(self, request: Request, key: UUID) -> Response:
        return Response(DraftOut(get_object_or_404(Draft, article__uuid=key)).data)

    @extend_schema(request=DraftIn, responses=ArticleSerializer)
    def patch(self, request: Request, key: UUID) -> Response:
        """What is left out stays as it is in the draft, else in what is live."""
        given = DraftIn(data=request.data)
        given.is_valid(raise_exception=True)
        article = self.article(key)
        draft = Draft.objects.filter(article=article).first()
        said = {**_words(draft or article), **given.validated_data}
        write_draft(
            article=key,
            words=Words(said["title"], said["body"], tuple(said["questions"])),
            reason=said["reason"],
            by_id=request.user.pk,
            at=timezone.now(),
            may_publish=may_publish(request.user),
        )
        return self.shown(key)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: UUID) -> Response:
        self.ask_to_publish()
        discard_draft(article=self.article(key).uuid)
        return Response(status=204)


def _words(written: Draft | Article) -> dict[str, Any]:
    reason = written.reason if isinstance(written, Draft) else ""
    words = {name: getattr(written, name) for name in ("title", "body", "questions")}
    return words | {"reason": reason}


class ProposedQuestions(serializers.Serializer[Any]):
    questions = serializers.ListField(child=serializers.CharField())


class ArticleExamples(_OfArticle):
    """How customers asked for it, in words that are not among its example questions: anonymised, at
    most five. Those that serve go into the draft's `questions`."""

    @extend_schema(responses={200: ProposedQuestions})
    def get(self, request: Request, key: UUID) -> Response:
        return Response({"questions": proposed_questions(self.article(key))})


class ArticlePublish(_OfArticle):
    """The draft, or an article that is not live, becomes what readers and the bot have: at once, or
    when the questions of past weeks have been replayed and none is answered worse (202, with the
    replay's id; 409 `replay_gets_worse` when some are)."""

    @extend_schema(request=ReasonIn, responses={200: ArticleSerializer, 202: ArticleSerializer})
    def post(self, request: Request, key: UUID) -> Response:
        self.ask_to_publish()
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        article = self.article(key)
        is_live = article.state == Article.State.PUBLISHED
        if is_live and not Draft.objects.filter(article=article).exists():
            raise NothingToPublish("It is live as it stands, and there is no draft.")
        way = gate.publish(
            article=key,
            reason=given.validated_data.get("reason"),
            by_id=request.user.pk,
            at=timezone.now(),
            patience=gate.PATIENCE,
        )
        return waiting(self.shown(key), gate.check(way))


class ArticleVersions(_OfArticle):
    """Every text that was published, the newest first."""

    @extend_schema(responses=VersionOut(many=True))
    def get(self, request: Request, key: UUID) -> Response:
        return Response(VersionOut(versions_with_votes(self.article(key)), many=True).data)


class ArticleVersion(_OfArticle):
    """One of them, word for word, as a citation names it."""

    @extend_schema(responses=VersionOut)
    def get(self, request: Request, key: UUID, number: int) -> Response:
        versions = versions_with_votes(self.article(key))
        return Response(VersionOut(get_object_or_404(versions, number=number)).data)


class ArticleRestore(_OfArticle):
    """The words of an old version as a draft."""

    @extend_schema(request=None, responses=ArticleSerializer)
    def post(self, request: Request, key: UUID, number: int) -> Response:
        restore_version(
            article=self.article(key).uuid,
            number=number,
            by_id=request.user.pk,
            at=timezone.now(),
            may_publish=may_publish(request.user),
        )
        return self.shown(key)
