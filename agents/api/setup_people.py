"""Skills, wrap-up codes and away reasons over HTTP."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.access import MayAnswer, agent_of, require
from agents.api.case_views import Line, words_of
from agents.api.setup_rules import person_by
from agents.api.shapes import PROBLEMS
from agents.models import AgentSkill, Presence, Queue, Skill, StateReason, WrapUpCode
from conversations.errors import NotFound, Taken

_SHOWN = 500
_MOST_SKILLS = 100
_TAKEN = "There is one of this name already."


def keep(row: Any) -> None:
    """Saves a row; what must be one of a kind is told as a refusal."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Taken(_TAKEN) from error


class SkillWords(serializers.Serializer[Any]):
    name = Line(max_length=80)

    def validate_name(self, name: str) -> str:
        return name.lower()


class SkillShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


def _skill(skill: Skill) -> dict[str, Any]:
    return {"id": str(skill.uuid), "name": skill.name}


def _skill_by(key: UUID) -> Skill:
    found = Skill.objects.filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such skill.")
    return found


class SkillsApi(APIView):
    """What agents can be good at; rules name it."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: SkillShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response([_skill(row) for row in Skill.objects.all()[:_SHOWN]])

    @extend_schema(request=SkillWords, responses={201: SkillShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), "agents.add_skill")
        skill = Skill(**words_of(SkillWords, request))
        keep(skill)
        return Response(_skill(skill), status=status.HTTP_201_CREATED)


class SkillApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(request=SkillWords, responses={200: SkillShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        """Rules that name the old word ask for something nobody has."""
        require(agent_of(request), "agents.change_skill")
        skill = _skill_by(key)
        skill.name = words_of(SkillWords, request)["name"]
        keep(skill)
        return Response(_skill(skill))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Nobody has it any more."""
        require(agent_of(request), "agents.delete_skill")
        _skill_by(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class SkillLevel(serializers.Serializer[Any]):
    skill = Line(max_length=80, help_text="The skill's name.")
    level = serializers.IntegerField(min_value=1, max_value=5)


class AgentSkillsApi(APIView):
    """What somebody can do, and how well: 1 knows of it, 5 teaches it."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: SkillLevel(many=True), **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        return Response(_levels(person_by(key).pk))

    @extend_schema(
        request=SkillLevel(many=True), responses={200: SkillLevel(many=True), **PROBLEMS}
    )
    def put(self, request: Request, key: UUID) -> Response:
        """The whole set; what is not in it is taken away."""
        require(agent_of(request), "agents.change_agentskill")
        person = person_by(key)
        data: Any = SkillLevel(data=request.data, many=True)
        data.is_valid(raise_exception=True)
        if len(data.validated_data) > _MOST_SKILLS:
            text = f"At most {_MOST_SKILLS} skills."
            raise serializers.ValidationError({"skill": [text]})
        wanted = {one["skill"].lower(): one["level"] for one in data.validated_data}
        if len(wanted) < len(data.validated_data):
            raise serializers.ValidationError({"skill": ["Each skill once."]})
        known = Skill.objects.in_bulk(list(wanted), field_name="name")
        if missing := sorted(set(wanted) - set(known)):
            raise serializers.ValidationError({"skill": [f"There is no skill {missing[0]}."]})
        with transaction.atomic():
            person.skills.exclude(skill__in=known.values()).delete()
            for name, level in wanted.items():
                AgentSkill.objects.update_or_create(
                    agent=person, skill=known[name], defaults={"level": level}
                )
        return Response(_levels(person.pk))


def _levels(agent_id: int) -> list[dict[str, Any]]:
    rows = AgentSkill.objects.filter(agent=agent_id).select_related("skill").order_by("skill__name")
    return [{"skill": row.skill.name, "level": row.level} for row in rows]


class CodeWords(serializers.Serializer[Any]):
    name = Line(max_length=80)
    queues = serializers.SlugRelatedField(
        slug_field="uuid", queryset=Queue.objects.all(), many=True, required=False,
        help_text="None: every queue.",
    )  # fmt: skip
    is_default = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=1000, required=False)


class NewCode(CodeWords):
    code = serializers.SlugField(max_length=40)


class CodeShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    queues = serializers.ListField(child=serializers.UUIDField())
    is_default = serializers.BooleanField()
    is_active = serializers.BooleanField()
    position = serializers.IntegerField()


def _code(row: WrapUpCode) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "queues": [str(queue.uuid) for queue in row.queues.all()],
        "is_default": row.is_default,
        "is_active": row.is_active,
        "position": row.position,
    }


@transaction.atomic
def _keep_code(row: WrapUpCode, words: dict[str, Any]) -> None:
    queues = words.pop("queues", None)
    if words.get("is_default"):
        WrapUpCode.objects.filter(is_default=True).exclude(pk=row.pk).update(is_default=False)
    for name, value in words.items():
        setattr(row, name, value)
    keep(row)
    if queues is not None:
        row.queues.set(queues)


class WrapUpCodesApi(APIView):
    """How a talk can have ended. One is the default: taken when nobody says."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: CodeShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        rows = WrapUpCode.objects.prefetch_related("queues")[:_SHOWN]
        return Response([_code(row) for row in rows])

    @extend_schema(request=NewCode, responses={201: CodeShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), "agents.add_wrapupcode")
        row = WrapUpCode()
        _keep_code(row, words_of(NewCode, request))
        return Response(_code(row), status=status.HTTP_201_CREATED)


class WrapUpCodeApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(request=CodeWords, responses={200: CodeShape, **PROBLEMS})
    def patch(self, request: Request, code: str) -> Response:
        """The code itself stays: reports count by it."""
        require(agent_of(request), "agents.change_wrapupcode")
        row = _code_by(code)
        _keep_code(row, words_of(CodeWords, request, partial=True))
        return Response(_code(row))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, code: str) -> Response:
        """Conversations that ended so keep it; switching it off is mostly what is wanted."""
        require(agent_of(request), "agents.delete_wrapupcode")
        _code_by(code).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _code_by(code: str) -> WrapUpCode:
    found = WrapUpCode.objects.filter(code=code).first()
    if found is None:
        raise NotFound("There is no such wrap-up code.")
    return found


class ReasonWords(serializers.Serializer[Any]):
    name = Line(max_length=60)
    status = serializers.ChoiceField(choices=Presence.Status.choices, required=False)
    is_work = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)


class ReasonShape(ReasonWords):
    id = serializers.IntegerField()


def _reason(row: StateReason) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "status": row.status,
        "is_work": row.is_work,
        "is_active": row.is_active,
    }


class AwayReasonsApi(APIView):
    """Why somebody is away; the console offers them."""

    permission_classes = (MayAnswer,)

    @extend_schema(responses={200: ReasonShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        return Response([_reason(row) for row in StateReason.objects.all()[:_SHOWN]])

    @extend_schema(request=ReasonWords, responses={201: ReasonShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        require(agent_of(request), "agents.add_statereason")
        row = StateReason(**words_of(ReasonWords, request))
        keep(row)
        return Response(_reason(row), status=status.HTTP_201_CREATED)


class AwayReasonApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(request=ReasonWords, responses={200: ReasonShape, **PROBLEMS})
    def patch(self, request: Request, key: int) -> Response:
        require(agent_of(request), "agents.change_statereason")
        row = _reason_by(key)
        for name, value in words_of(ReasonWords, request, partial=True).items():
            setattr(row, name, value)
        keep(row)
        return Response(_reason(row))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: int) -> Response:
        """Days that were spent so keep the word."""
        require(agent_of(request), "agents.delete_statereason")
        _reason_by(key).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _reason_by(key: int) -> StateReason:
    found = StateReason.objects.filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise NotFound("There is no such reason.")
    return found
