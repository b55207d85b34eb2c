"""Files in, a preview, articles out: what the admin's page “Import” does, for programs."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from bots import tasks
from bots.access import may_publish
from bots.actions.importing import (
    UPLOADS_LIMIT,
    Options,
    begin_import,
    change_articles,
    counts_of,
    discard_import,
    progress_of,
)
from bots.actions.storing import confirm_import
from bots.api.articles import MayEditArticles
from bots.models import Import, SourceArticle, SourceFile, Visibility
from bots.models.article import (
    BODY_LIMIT,
    PLAIN_VISIBILITIES,
    QUESTION_LIMIT,
    QUESTIONS_LIMIT,
    TITLE_LIMIT,
)
from bots.sources.kinds import FILE_LIMIT
from bots.sources.rows import CATEGORY_LIMIT, LANGUAGE
from conversations.errors import NotAllowed
from conversations.later import queue_task


class FileOut(serializers.ModelSerializer[SourceFile]):
    """`problem` says in one sentence why nothing, or not all, was taken of it."""

    class Meta:
        model = SourceFile
        fields: Sequence[str] = ["name", "size", "is_read", "problem"]


class ImportIn(serializers.Serializer[Any]):
    file = serializers.ListField(
        child=serializers.FileField(max_length=200, allow_empty_file=True),
        min_length=1,
        max_length=UPLOADS_LIMIT,
        help_text="One or several, 10 MB each: PDF, Word (.docx), HTML, Markdown, CSV, JSON Lines,"
        " or a ZIP of these.",
    )
    split = serializers.ChoiceField(Import.Split.choices, default=Import.Split.HEADINGS)
    category = serializers.CharField(max_length=CATEGORY_LIMIT, allow_blank=True, default="")
    language = serializers.RegexField(
        LANGUAGE, max_length=35, default="", help_text="Else it is found in the text."
    )
    visibility = serializers.ChoiceField(PLAIN_VISIBILITIES, default=Visibility.PUBLIC)


class ImportOut(serializers.ModelSerializer[Import]):
    id = serializers.UUIDField(source="uuid")
    files = FileOut(many=True)
    progress = serializers.SerializerMethodField(help_text="Files read, and files to read.")
    articles = serializers.SerializerMethodField(
        help_text="How many were found and are chosen; how many of these are new or known."
    )

    class Meta:
        model = Import
        fields: Sequence[str] = [
            "id", "state", "split", "category", "language", "visibility", "progress", "articles",
            "published", "counts", "files", "created_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_progress(self, batch: Import) -> list[int]:
        return list(progress_of(batch))

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_articles(self, batch: Import) -> dict[str, int]:
        return counts_of(batch)


class FoundOut(serializers.ModelSerializer[SourceArticle]):
    """An article that would be made. `article` is the known one that it would change."""

    file = serializers.CharField(source="file.name")
    external_id = serializers.CharField(source="key")
    article = serializers.UUIDField(source="article.uuid", allow_null=True, default=None)

    class Meta:
        model = SourceArticle
        fields: Sequence[str] = [
            "position", "file", "external_id", "is_chosen", "title", "body", "questions",
            "language", "category", "translation_of", "problem", "article",
        ]  # fmt: skip


class FoundIn(serializers.Serializer[Any]):
    is_chosen = serializers.BooleanField(required=False)
    title = serializers.CharField(max_length=TITLE_LIMIT, required=False)
    body = serializers.CharField(max_length=BODY_LIMIT, allow_blank=True, required=False)
    questions = serializers.ListField(
        child=serializers.CharField(max_length=QUESTION_LIMIT),
        max_length=QUESTIONS_LIMIT,
        required=False,
    )
    language = serializers.RegexField(LANGUAGE, max_length=35, required=False)
    category = serializers.CharField(max_length=CATEGORY_LIMIT, allow_blank=True, required=False)


class ConfirmIn(serializers.Serializer[Any]):
    publish = serializers.BooleanField(
        default=False,
        help_text="Live at once; else new ones, and changes of live ones, are drafts.",
    )


class MayImport(MayEditArticles):
    """Whoever may write new articles; what is sent and confirmed is theirs to take back."""

    NEEDED: ClassVar[dict[str, str]] = {
        **MayEditArticles.NEEDED,
        "PATCH": "bots.add_article",
        "DELETE": "bots.add_article",
    }


class InOrder(CursorPagination):
    ordering = "position"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"


class ImportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Import]
):
    """Files on their way to becoming articles: send them, look at what was found, confirm."""

    serializer_class = ImportOut
    permission_classes = (MayImport,)
    queryset = Import.objects.prefetch_related("files")
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_parsers(self) -> list[BaseParser]:
        """Files come as a form, all else as JSON."""
        known = getattr(self, "action_map", None) or {}
        method = str(getattr(self.request, "method", "")).lower()
        return [MultiPartParser()] if known.get(method) == "create" else super().get_parsers()

    @extend_schema(request={"multipart/form-data": ImportIn}, responses={202: ImportOut})
    def create(self, request: Request) -> Response:
        """A task reads them, one after the other; ask for this import until it is `ready`."""
        given = ImportIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        batch = begin_import(
            [(one.name or "", one.read(FILE_LIMIT + 1)) for one in said["file"]],
            options=Options(said["split"], said["category"], said["language"], said["visibility"]),
            by_id=request.user.pk,
            at=timezone.now(),
        )
        queue_task(tasks.read_import, import_id=batch.pk)
        return Response(ImportOut(batch).data, status=202)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, id: UUID) -> Response:  # noqa: A002 -- the address's word
        """Forgets it. Articles that were made of it stay."""
        discard_import(id)
        return Response(status=204)

    @extend_schema(responses=FoundOut(many=True), filters=False)
    @action(detail=True, url_path="articles")
    def articles(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What would be made of the files, in their order."""
        batch = self.get_object()
        found: QuerySet[SourceArticle] = batch.articles.select_related("file", "article")
        pages = InOrder()
        page = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response(FoundOut(page, many=True).data)

    @extend_schema(request=FoundIn, responses=FoundOut)
    @action(detail=True, methods=["patch"], url_path=r"articles/<int:position>")
    def change(self, request: Request, id: UUID, position: int) -> Response:  # noqa: A002
        """Other words, or not chosen; while the import is `ready`."""
        given = FoundIn(data=request.data)
        given.is_valid(raise_exception=True)
        change_articles(id, {position: given.validated_data})
        found = get_object_or_404(SourceArticle, batch__uuid=id, position=position)
        return Response(FoundOut(found).data)

    @extend_schema(request=ConfirmIn, responses=ImportOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """The chosen ones become articles: all of them, or none."""
        given = ConfirmIn(data=request.data)
        given.is_valid(raise_exception=True)
        publish = given.validated_data["publish"]
        if publish and not may_publish(request.user):
            raise NotAllowed(
                "You may write drafts; publishing takes the right to publish articles."
            )
        confirm_import(id, publish=publish, by_id=request.user.pk, at=timezone.now())
        queue_task(tasks.index_article, article_id=0)
        return Response(ImportOut(get_object_or_404(Import, uuid=id)).data)
