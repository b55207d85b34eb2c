"""Builds surveys for tests."""

from typing import Any

from conversations.models import Conversation
from conversations.surveys.models import Question, Survey
from tests import make


def survey(*questions: tuple[str, dict[str, Any]], **fields: Any) -> Survey:
    usual = {
        "name": "After a talk",
        "is_active": True,
        "title": {"en": "How was it?", "zh": "怎么样？"},
    }
    made = Survey.objects.create(**(usual | fields))
    for position, (kind, words) in enumerate(questions or [("csat", {})]):
        text = words.pop("text", {"en": f"Asked {position}?"})
        Question.objects.create(survey=made, kind=kind, position=position, text=text, **words)
    return made


def over(**fields: Any) -> Conversation:
    return make.conversation(state="resolved", resolved_at=make.NOON, **fields)


def key(survey: Survey, kind: str) -> str:
    return str(survey.questions.get(kind=kind).uuid)
