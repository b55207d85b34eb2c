"""Surveys over HTTP: what is asked, and a link to it for one conversation."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import ProtectedError
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api.case_views import CaseView, Line, words_of
from agents.api.catalogue import Catalogue
from agents.api.shapes import PROBLEMS
from conversations.errors import BadWords, NotFound, Taken
from conversations.lifecycle import CLOSED
from conversations.surveys.inviting import keep_invitation, link_to
from conversations.surveys.keeping import keep_survey
from conversations.surveys.kinds import KINDS
from conversations.surveys.models import Invitation, Survey
from inboxes.models import Inbox

_SHOWN = 200
_QUESTIONS_AT_MOST = 30


class Texts(serializers.DictField):
    """Words by language, such as `{"en": "How easy was it?", "zh": "…"}`."""

    child = Line(max_length=300)


class QuestionWords(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, help_text="Of a question that stays.")
    kind = serializers.ChoiceField(choices=list(KINDS))
    text = Texts(allow_empty=False)
    options = serializers.ListField(
        child=serializers.DictField(child=Line(max_length=300)), max_length=12, required=False
    )
    is_required = serializers.BooleanField(required=False)
    only_up_to = serializers.IntegerField(
        min_value=0, max_value=10, required=False, allow_null=True
    )


class SurveyWords(serializers.Serializer[Any]):
    name = Line(max_length=120)
    is_active = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    title = Texts(allow_empty=False)
    thanks = Texts(required=False)
    inboxes = serializers.ListField(child=Line(max_length=64), max_length=100, required=False)
    languages = serializers.ListField(child=Line(max_length=16), max_length=50, required=False)
    ended_with = serializers.ChoiceField(choices=Survey.EndedWith.choices, required=False)
    with_labels = serializers.ListField(child=Line(max_length=40), max_length=50, required=False)
    without_labels = serializers.ListField(child=Line(max_length=40), max_length=50, required=False)
    share = serializers.IntegerField(min_value=1, max_value=100, required=False)
    rest_days = serializers.IntegerField(min_value=0, max_value=3650, required=False)
    in_chat = serializers.BooleanField(required=False)
    by_email = serializers.BooleanField(required=False)
    email_after_minutes = serializers.IntegerField(min_value=0, max_value=43_200, required=False)
    open_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    questions = QuestionWords(many=True)

    def validate_inboxes(self, keys: list[str]) -> list[Inbox]:
        found = list(Inbox.objects.filter(key__in=keys))
        if len(found) < len(set(keys)):
            raise serializers.ValidationError("There is no such inbox.")
        return found

    def validate_questions(self, questions: list[Any]) -> list[Any]:
        if not 1 <= len(questions) <= _QUESTIONS_AT_MOST:
            raise serializers.ValidationError(f"1 to {_QUESTIONS_AT_MOST} questions are wanted.")
        return questions


class QuestionShape(QuestionWords):
    id = serializers.UUIDField()
    is_retired = serializers.BooleanField()


class SurveyShape(SurveyWords):
    id = serializers.UUIDField()
    questions = QuestionShape(many=True)


class LinkShape(serializers.Serializer[Any]):
    url = serializers.URLField()
    closes_at = serializers.DateTimeField()
    is_answered = serializers.BooleanField()


def survey_of(survey: Survey) -> dict[str, Any]:
    names = [
        name for name in SurveyWords().get_fields() if name not in ("inboxes", "questions")
    ]  # fmt: skip
    return {
        "id": str(survey.uuid),
        **{name: getattr(survey, name) for name in names},
        "inboxes": [inbox.key for inbox in survey.inboxes.all()],
        "questions": [
            {
                "id": str(one.uuid),
                "kind": one.kind,
                "text": one.text,
                "options": one.options,
                "is_required": one.is_required,
                "only_up_to": one.only_up_to,
                "is_retired": one.is_retired,
            }
            for one in survey.questions.all()
        ],
    }


class Surveys(Catalogue):
    model, noun = Survey, "survey"
    room: ClassVar[str] = "surveys"

    @staticmethod
    def store(survey: Survey, words: dict[str, Any]) -> Survey:
        return keep_survey(
            survey,
            words,
            inboxes=words.pop("inboxes", None),
            questions=words.pop("questions", None),
        )


class SurveysApi(Surveys):
    """What customers are asked when it is over; the first active one that fits a conversation."""

    @extend_schema(responses={200: SurveyShape(many=True), **PROBLEMS})
    def get(self, request: Request) -> Response:
        found = Survey.objects.prefetch_related("inboxes", "questions")[:_SHOWN]
        return Response([survey_of(row) for row in found])

    @extend_schema(request=SurveyWords, responses={201: SurveyShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        self.may(request, "add")
        survey = self.store(Survey(), words_of(SurveyWords, request))
        return Response(survey_of(survey), status=status.HTTP_201_CREATED)


class SurveyApi(Surveys):
    @extend_schema(responses={200: SurveyShape, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        return Response(survey_of(self.row(key)))

    @extend_schema(request=SurveyWords, responses={200: SurveyShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        """Questions that are missing go; those that were answered are retired, and their answers stay."""
        self.may(request, "change")
        return Response(
            survey_of(self.store(self.row(key), words_of(SurveyWords, request, partial=True)))
        )

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID) -> Response:
        """Only one that has asked nobody yet; others are switched off."""
        self.may(request, "delete")
        try:
            self.row(key).delete()
        except ProtectedError as error:
            raise Taken("It has asked customers: switch it off instead.") from error
        return Response(status=status.HTTP_204_NO_CONTENT)


class SurveyLinkApi(CaseView):
    """A link at which the customer of a conversation answers a survey, to be sent in any way."""

    class Input(serializers.Serializer[Any]):
        survey = serializers.UUIDField()

    @extend_schema(request=Input, responses={201: LinkShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        _, conversation = self.case(request, key)
        words = words_of(self.Input, request)
        survey = Survey.objects.filter(uuid=words["survey"], is_active=True).first()
        if survey is None:
            raise NotFound("There is no such survey, or it is switched off.")
        if conversation.state not in CLOSED:
            raise BadWords("It is not over yet.")
        invitation = keep_invitation(
            conversation, survey, way=Invitation.Way.LINK, at=timezone.now()
        )
        said = {
            "url": link_to(invitation),
            "closes_at": invitation.closes_at,
            "is_answered": invitation.answered_at is not None,
        }
        return Response(LinkShape(said).data, status=status.HTTP_201_CREATED)
