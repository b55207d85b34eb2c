"""Procedures for programs: kept, tested, published, and what became of their runs."""

from typing import Any, NoReturn

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bots.actions.procedures.keeping import (
    NotPassed,
    check,
    publish,
    restore,
    run_tests_of,
    save_draft,
)
from bots.api.articles import MayEditArticles
from bots.models import Procedure, ProcedureRun, ProcedureVersion
from bots.procedures.loading import LARGEST, BadFile
from conversations.errors import NotAllowed, Taken
from inboxes.models import Inbox


class CannotPublish(Taken):
    """Its tests stand in the way."""

    code = "tests_not_passed"


class MayEditProcedures(MayEditArticles):
    NEEDED = {
        method: needed.replace("_article", "_procedure")
        for method, needed in MayEditArticles.NEEDED.items()
    }


class MayChangeProcedures(MayEditProcedures):
    NEEDED = {**MayEditProcedures.NEEDED, "POST": "bots.change_procedure"}


class MaySeeRuns(MayEditArticles):
    NEEDED = dict.fromkeys(MayEditArticles.NEEDED, "bots.view_procedurerun")


class VersionShape(serializers.ModelSerializer[ProcedureVersion]):
    class Meta:
        model = ProcedureVersion
        fields = [
            "number", "state", "text", "tests", "result", "tested_at", "openings", "published_at",
            "override", "created_at",
        ]  # fmt: skip


class FileIn(serializers.Serializer[Any]):
    """A procedure's file, and its test file."""

    text = serializers.CharField(max_length=LARGEST, trim_whitespace=False)
    tests = serializers.CharField(
        max_length=4 * LARGEST, trim_whitespace=False, required=False, allow_blank=True, default=""
    )


class PublishIn(serializers.Serializer[Any]):
    override = serializers.CharField(
        max_length=400, required=False, allow_blank=True, default="",
        help_text="Why it goes live although its tests have not passed.",
    )  # fmt: skip


class CheckedShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    steps = serializers.IntegerField()


class ProcedureShape(serializers.ModelSerializer[Procedure]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    inbox = serializers.SlugRelatedField(
        slug_field="key", queryset=Inbox.objects.all(), required=False, allow_null=True
    )
    live = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField()

    class Meta:
        model = Procedure
        fields = [
            "id", "key", "name", "description", "inbox", "is_active", "live", "draft", "updated_at",
        ]  # fmt: skip
        read_only_fields = ["key", "name", "description", "updated_at"]

    def get_live(self, procedure: Procedure) -> int | None:
        return self._number(procedure, ProcedureVersion.State.LIVE)

    def get_draft(self, procedure: Procedure) -> int | None:
        return self._number(procedure, ProcedureVersion.State.DRAFT)

    def _number(self, procedure: Procedure, state: str) -> int | None:
        return next((v.number for v in procedure.versions.all() if v.state == state), None)


def refuse(problem: BadFile) -> NoReturn:
    """400: every mistake with its line."""
    raise serializers.ValidationError({"text": [str(one) for one in problem.mistakes]})


class ProcedureViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Procedure],
):
    """What the bot does step by step; docs/procedures.md tells the language."""

    serializer_class = ProcedureShape
    permission_classes = (MayEditProcedures,)
    lookup_field = "key"
    lookup_value_converter = "slug"

    def get_permissions(self) -> Any:
        adds = self.action in {"create", None}
        return [MayEditProcedures() if adds else MayChangeProcedures()]

    def get_queryset(self) -> QuerySet[Procedure]:
        versions = ProcedureVersion.objects.only("procedure_id", "number", "state")
        return Procedure.objects.select_related("inbox").prefetch_related(
            Prefetch("versions", versions)
        )

    def perform_destroy(self, instance: Procedure) -> None:
        if ProcedureRun.objects.filter(version__procedure=instance).exists():
            raise Taken("It has been run: switch it off instead.")
        instance.delete()

    @extend_schema(request=FileIn, responses={201: VersionShape})
    def create(self, request: Request) -> Response:
        """Keeps a file as the draft of the procedure that it names."""
        given = FileIn(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            draft = save_draft(**given.validated_data, by_id=request.user.pk)
        except BadFile as problem:
            refuse(problem)
        return Response(VersionShape(draft).data, status=201)

    @extend_schema(request=FileIn, responses=CheckedShape)
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """Reads a file and keeps nothing: 400 with each mistake and its line."""
        given = FileIn(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            shape = check(**given.validated_data)
        except BadFile as problem:
            refuse(problem)
        return Response({"key": shape.key, "steps": len(shape.steps)})

    @extend_schema(request=None, responses=VersionShape)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, key: str) -> Response:
        """Plays the tests of the draft, else of what is live, and attaches the result."""
        version = self._newest(key)
        try:
            run_tests_of(version, at=timezone.now())
        except BadFile as problem:
            refuse(problem)
        return Response(VersionShape(version).data)

    @extend_schema(request=PublishIn, responses=VersionShape)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, key: str) -> Response:
        """Makes the draft live, if its tests have passed or there is a reason to do without (409)."""
        if not request.user.has_perm("bots.publish_procedure"):
            raise NotAllowed("Publishing takes the right to publish procedures.")
        given = PublishIn(data=request.data)
        given.is_valid(raise_exception=True)
        draft = self._newest(key)
        try:
            publish(draft, at=timezone.now(), by_id=request.user.pk, **given.validated_data)
        except BadFile as problem:
            refuse(problem)
        except NotPassed as problem:
            raise CannotPublish(str(problem)) from problem
        return Response(VersionShape(draft).data)

    @extend_schema(responses=VersionShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def versions(self, request: Request, key: str) -> Response:
        """Every text of it, the newest first."""
        return Response(VersionShape(self.get_object().versions.all()[:100], many=True).data)

    @extend_schema(request=None, responses=VersionShape)
    @action(detail=True, methods=["post"], url_path="versions/<int:number>/restore")
    def restore(self, request: Request, key: str, number: int) -> Response:
        """The words of an older version as a draft."""
        version = get_object_or_404(ProcedureVersion, procedure__key=key, number=number)
        try:
            draft = restore(version, by_id=request.user.pk)
        except BadFile as problem:
            refuse(problem)
        return Response(VersionShape(draft).data)

    def _newest(self, key: str) -> ProcedureVersion:
        versions = ProcedureVersion.objects.filter(procedure=self.get_object())
        draft = versions.filter(state=ProcedureVersion.State.DRAFT).first()
        return draft or get_object_or_404(versions, state=ProcedureVersion.State.LIVE)


class ProcedureRunShape(serializers.ModelSerializer[ProcedureRun]):
    id = serializers.UUIDField(source="uuid", read_only=True)
    procedure = serializers.CharField(source="version.procedure.key")
    version = serializers.IntegerField(source="version.number")
    conversation = serializers.UUIDField(source="conversation.uuid")

    class Meta:
        model = ProcedureRun
        fields = [
            "id", "procedure", "version", "conversation", "state", "reason", "step_line",
            "started_at", "updated_at", "ended_at",
        ]  # fmt: skip


class RunViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ProcedureRun]):
    """Who is, or was, in which procedure, and how far they came; what they said is not here."""

    serializer_class = ProcedureRunShape
    permission_classes = (MaySeeRuns,)

    def get_queryset(self) -> QuerySet[ProcedureRun]:
        rows = ProcedureRun.objects.select_related("version__procedure", "conversation")
        if not self.request.user.has_perm("conversations.see_all_conversations"):
            return rows.none()
        heavy = ("text", "tests", "vectors", "result")
        return rows.defer("data", "outbox", *(f"version__{one}" for one in heavy))
