"""Training examples for programs: looked through, changed, accepted, rejected."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bots.access import may_see_conversations
from bots.actions.examples import decide
from bots.api.articles import MayEditArticles
from bots.models import TrainingExample
from bots.training.examples import LONGEST


class MayEditExamples(MayEditArticles):
    NEEDED: ClassVar[dict[str, str]] = {
        "GET": "bots.view_trainingexample",
        "HEAD": "bots.view_trainingexample",
        "OPTIONS": "bots.view_trainingexample",
        "POST": "bots.change_trainingexample",
    }


class TrainingExampleOut(serializers.ModelSerializer[TrainingExample]):
    """A question, what an article says (`title`, `context`), and the answer; without personal data. `instead`
    is what the bot had said, where a person said it better."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    conversation = serializers.SerializerMethodField(
        help_text="Where it was said; null for who may not see it."
    )

    class Meta:
        model = TrainingExample
        fields = [
            "id", "source", "title", "question", "context", "answer", "instead", "language", "conversation",
            "is_edited", "state", "found_at", "decided_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_conversation(self, example: TrainingExample) -> str | None:
        if example.conversation is None or not may_see_conversations(self.context["request"].user):
            return None
        return str(example.conversation.uuid)


class ExampleWordsIn(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    title = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST["title"])
    question = serializers.CharField(required=False, max_length=LONGEST["question"])
    # Declared fields do not stay on the class: its own `context` is not hidden.
    context = serializers.CharField(required=False, max_length=LONGEST["context"])  # type: ignore[assignment]
    answer = serializers.CharField(required=False, max_length=LONGEST["answer"])


@extend_schema(parameters=[OpenApiParameter("state", str, enum=TrainingExample.State.values)])
class TrainingExampleViewSet(viewsets.ReadOnlyModelViewSet[TrainingExample]):
    """What the language model may be taught; only accepted ones are used by `train_bot --from-centre`."""

    serializer_class = TrainingExampleOut
    permission_classes = (MayEditExamples,)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    queryset = TrainingExample.objects.all()

    def get_queryset(self) -> QuerySet[TrainingExample]:
        found = TrainingExample.objects.select_related("conversation")
        state = self.request.query_params.get("state")
        return found.filter(state=state) if state and "\0" not in state else found

    @extend_schema(parameters=[], request=ExampleWordsIn, responses=TrainingExampleOut)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, id: UUID) -> Response:  # noqa: A002 -- as in the address
        """With other words, if some are given; 409 when its context does not say what its answer says."""
        given = ExampleWordsIn(data=request.data)
        given.is_valid(raise_exception=True)
        return self._decided(id, "accepted", dict(given.validated_data))

    @extend_schema(parameters=[], request=None, responses=TrainingExampleOut)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, id: UUID) -> Response:  # noqa: A002
        return self._decided(id, "rejected", None)

    def _decided(self, key: UUID, state: str, words: dict[str, Any] | None) -> Response:
        row = decide(
            example=key, state=state, by_id=self.request.user.pk, at=timezone.now(), words=words
        )
        return Response(self.get_serializer(row).data)
