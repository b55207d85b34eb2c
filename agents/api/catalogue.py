"""The catalogues of cases over HTTP: labels, typed fields, checklists. Everybody reads them."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, require
from agents.api import case_shapes as shapes
from agents.api.case_views import Line, words_of
from agents.api.shapes import PROBLEMS
from agents.reads.cases import definition_of, label_of, template_of
from conversations.attributes import WrongValue, check_pattern
from conversations.errors import NotFound, Taken
from conversations.models import AttributeDefinition, ChecklistTemplate, Label

_SHOWN = 500
_NOT_ONE = "There is no such entry."


class LabelWords(serializers.Serializer[Any]):
    name = Line(max_length=40)
    colour = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", required=False)
    description = Line(max_length=200, required=False, allow_blank=True)
    group = Line(max_length=40, required=False, allow_blank=True)
    is_exclusive = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class DefinitionWords(serializers.Serializer[Any]):
    label = Line(max_length=80)  # type: ignore[assignment]  # the API says `label`
    kind = serializers.ChoiceField(choices=AttributeDefinition.Kind.choices)
    choices = serializers.ListField(child=Line(max_length=80), max_length=100, required=False)
    regex = serializers.CharField(
        max_length=200, required=False, allow_blank=True, trim_whitespace=False
    )
    required_on_resolve = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    help = Line(max_length=200, required=False, allow_blank=True)

    def validate_regex(self, regex: str) -> str:
        try:
            check_pattern(regex)
        except WrongValue as error:
            raise serializers.ValidationError(str(error)) from error
        return regex


class NewDefinition(DefinitionWords):
    scope = serializers.ChoiceField(choices=AttributeDefinition.Scope.choices)
    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=40)


class TemplateWords(serializers.Serializer[Any]):
    name = Line(max_length=80)
    items = serializers.ListField(child=Line(max_length=200), min_length=1, max_length=100)
    is_active = serializers.BooleanField(required=False)


class Catalogue(APIView):
    """A list that everybody reads and that a role may change."""

    permission_classes = (MayAnswer,)
    model: ClassVar[Any]
    noun: ClassVar[str]
    room: ClassVar[str] = "conversations"

    def may(self, request: Request, verb: str) -> None:
        require(agent_of(request), f"{self.room}.{verb}_{self.noun}")

    def row(self, key: UUID) -> Any:
        found = self.model.objects.filter(uuid=key).first()
        if found is None:
            raise NotFound(_NOT_ONE)
        return found

    @staticmethod
    def keep(row: Any, words: dict[str, Any]) -> Any:
        """Saves a row; constraints are told as a refusal."""
        for name, value in words.items():
            setattr(row, name, value)
        _check(row)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise Taken("There is one of this name already.") from error
        return row


def _check(row: Any) -> None:
    if isinstance(row, Label) and row.is_exclusive and not row.group:
        raise serializers.ValidationError({"group": ["What is exclusive belongs to a group."]})
    if isinstance(row, AttributeDefinition) and row.kind == "list" and not row.choices:
        raise serializers.ValidationError({"choices": ["A list has choices."]})


class LabelsApi(Catalogue):
    """The known labels. Conversations may carry others, too."""

    model, noun = Label, "label"

    @extend_schema(responses={200: shapes.LabelShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response([label_of(row) for row in Label.objects.all()[:_SHOWN]])

    @extend_schema(request=LabelWords, responses={201: shapes.LabelShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        self.may(request, "add")
        row = self.keep(Label(), words_of(LabelWords, request))
        return Response(label_of(row), status=status.HTTP_201_CREATED)


class LabelApi(Catalogue):
    model, noun = Label, "label"

    @extend_schema(request=LabelWords, responses={200: shapes.LabelShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        self.may(request, "change")
        row = self.keep(self.row(key), words_of(LabelWords, request, partial=True))
        return Response(label_of(row))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Conversations keep the name."""
        self.may(request, "delete")
        self.row(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class DefinitionsApi(Catalogue):
    """The typed fields of conversations, customers and companies."""

    model, noun = AttributeDefinition, "attributedefinition"

    @extend_schema(
        parameters=[OpenApiParameter("scope", str, enum=AttributeDefinition.Scope.values)],
        responses={200: shapes.DefinitionShape(many=True), **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        rows = AttributeDefinition.objects.all()
        if scope := request.query_params.get("scope"):
            if scope not in AttributeDefinition.Scope.values:
                raise serializers.ValidationError({"scope": ["This scope is not known."]})
            rows = rows.filter(scope=scope)
        return Response([definition_of(row) for row in rows[:_SHOWN]])

    @extend_schema(request=NewDefinition, responses={201: shapes.DefinitionShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        self.may(request, "add")
        row = self.keep(AttributeDefinition(), words_of(NewDefinition, request))
        return Response(definition_of(row), status=status.HTTP_201_CREATED)


class DefinitionApi(Catalogue):
    model, noun = AttributeDefinition, "attributedefinition"

    @extend_schema(request=DefinitionWords, responses={200: shapes.DefinitionShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        """Scope and key stay; values that no longer fit are kept until they are set anew."""
        self.may(request, "change")
        row = self.keep(self.row(key), words_of(DefinitionWords, request, partial=True))
        return Response(definition_of(row))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Values that were set are kept, but are no longer shown as a field."""
        self.may(request, "delete")
        self.row(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class TemplatesApi(Catalogue):
    """Checklists that can be put on a conversation."""

    model, noun = ChecklistTemplate, "checklisttemplate"

    @extend_schema(responses={200: shapes.TemplateShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response([template_of(row) for row in ChecklistTemplate.objects.all()[:_SHOWN]])

    @extend_schema(request=TemplateWords, responses={201: shapes.TemplateShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        self.may(request, "add")
        row = self.keep(ChecklistTemplate(), words_of(TemplateWords, request))
        return Response(template_of(row), status=status.HTTP_201_CREATED)


class TemplateApi(Catalogue):
    model, noun = ChecklistTemplate, "checklisttemplate"

    @extend_schema(request=TemplateWords, responses={200: shapes.TemplateShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        self.may(request, "change")
        row = self.keep(self.row(key), words_of(TemplateWords, request, partial=True))
        return Response(template_of(row))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Steps that are on conversations stay there."""
        self.may(request, "delete")
        self.row(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
