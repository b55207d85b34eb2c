"""The knowledge base for programs: articles to list, write and read."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bots.access import check_change
from bots.actions import gate
from bots.api.article_shapes import ArticleSerializer, families_of
from bots.help_centre.helpfulness import with_votes
from bots.knowledge.text import language_of
from bots.models import Article, Reader
from bots.reads.found import found_articles

_MOST_FOUND = 10


def waiting(response: Response, way: gate.Way | None) -> Response:
    """A response as it is, or 202 with the id of the replay that publishing waits for."""
    if way is not None and not way.is_live and way.replay is not None:
        response.status_code = 202
        response.data = {**response.data, "replay": str(way.replay.uuid)}
    return response


class MayEditArticles(BasePermission):
    """Django's own permissions on articles; whoever may see them may list and read."""

    NEEDED: ClassVar[dict[str, str]] = {
        "GET": "bots.view_article",
        "HEAD": "bots.view_article",
        "OPTIONS": "bots.view_article",
        "POST": "bots.add_article",
        "PUT": "bots.change_article",
        "PATCH": "bots.change_article",
        "DELETE": "bots.delete_article",
    }

    def has_permission(self, request: Request, view: APIView) -> bool:
        needed = self.NEEDED.get(request.method or "")
        user = request.user
        return bool(needed) and user.is_active and user.has_perm(str(needed))


class MayChangeArticles(MayEditArticles):
    """What is done with an article that is there."""

    NEEDED: ClassVar[dict[str, str]] = {
        **MayEditArticles.NEEDED,
        "POST": "bots.change_article",
        "DELETE": "bots.change_article",
    }


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=["draft", "published", "archived"]),
            OpenApiParameter("language", str, description="A BCP 47 tag"),
            OpenApiParameter(
                "search",
                str,
                description="A question or words: what is live and answers it, the best first, each"
                " with its `quote`. What only agents may read is found, too.",
            ),
        ]
    )
)
class ArticleViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Article],
):
    """The knowledge base: what the bot may answer with. What is published is changed only by who
    may publish.
    """

    serializer_class = ArticleSerializer
    permission_classes = (MayEditArticles,)
    queryset = Article.objects.all()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Article]:
        articles = with_votes(Article.objects.select_related("draft").prefetch_related("inboxes"))
        for name in ("state", "language"):
            value = self.request.query_params.get(name)
            if value and "\0" not in value:
                articles = articles.filter(**{name: value})
        return articles

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = " ".join(request.query_params.get("search", "").replace("\0", "").split())[:300]
        if asked:
            return self._found(asked, request.query_params.get("language", ""))
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self._shown(page))

    def _shown(self, articles: Sequence[Article]) -> Any:
        context = {**self.get_serializer_context(), "families": families_of(articles)}
        return ArticleSerializer(articles, many=True, context=context).data

    def _found(self, asked: str, language: str) -> Response:
        spoken = language_of(asked, otherwise=(language or "en")[:2])
        found = found_articles(asked, language=spoken, reader=Reader.AGENT, most=_MOST_FOUND)
        shown = self._shown([one.article for one in found])
        for one, said in zip(shown, found, strict=True):
            one["quote"] = said.excerpt
        return Response({"next": None, "previous": None, "results": shown})

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """New words for a live article, or `state: published`, go live as by POST …/publish/."""
        return waiting(super().update(request, *args, **kwargs), self._way)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return waiting(super().create(request, *args, **kwargs), self._way)

    _way: gate.Way | None = None

    def perform_create(self, serializer: serializers.BaseSerializer[Article]) -> None:
        serializer.save()
        self._way = getattr(serializer, "way", None)

    def perform_update(self, serializer: serializers.BaseSerializer[Article]) -> None:
        serializer.save()
        self._way = getattr(serializer, "way", None)

    def perform_destroy(self, instance: Article) -> None:
        check_change(self.request.user, was=instance.state, becomes=Article.State.ARCHIVED)
        instance.delete()
