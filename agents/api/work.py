"""What is left to do in a case, over HTTP: requests, steps, and time spent."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import case_shapes as shapes
from agents.api.case_views import CaseView, Line, NoWords, words_of
from agents.api.shapes import PROBLEMS
from agents.reads.cases import request_of, step_of, steps_of, time_of, time_spent
from conversations.actions import checklist, requests, timing
from conversations.errors import BadWords, NotFound
from conversations.models import ChecklistTemplate
from conversations.models import Request as Wish


class RequestsApi(CaseView):
    """One more thing that the customer wants."""

    class Input(serializers.Serializer[Any]):
        title = Line(max_length=200)
        topic = Line(max_length=60, required=False, allow_blank=True, default="")

    @extend_schema(request=Input, responses={201: shapes.RequestShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        made = requests.open_request(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            at=timezone.now(),
            **words_of(self.Input, request),
        )
        return Response(request_of(made), status=status.HTTP_201_CREATED)


class RequestApi(CaseView):
    class Input(serializers.Serializer[Any]):
        title = Line(max_length=200, required=False)
        topic = Line(max_length=60, required=False, allow_blank=True)
        state = serializers.ChoiceField(choices=Wish.State.choices, required=False)
        disposition = Line(max_length=40, required=False, allow_blank=True, default="")

    @extend_schema(request=Input, responses={200: shapes.RequestShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID, wish: UUID) -> Response:
        """Finishes it (`done`, with how it ended), reopens it, or rewords it."""
        agent, conversation = self.case(request, key)
        words = words_of(self.Input, request)
        of: dict[str, Any] = {
            "conversation_id": conversation.pk,
            "key": wish,
            "agent_id": agent.pk,
            "at": timezone.now(),
        }
        changed = requests.edit_request(**of, title=words.get("title"), topic=words.get("topic"))
        match words.get("state"):
            case "done":
                changed = requests.finish_request(**of, disposition=words["disposition"])
            case "open":
                changed = requests.reopen_request(**of)
        return Response(request_of(changed))


class ChecklistApi(CaseView):
    """Puts steps on the case: those of a template, or one of your own. Answers the whole list."""

    class Input(serializers.Serializer[Any]):
        template = serializers.UUIDField(required=False)
        text = Line(max_length=200, required=False)

    @extend_schema(request=Input, responses={201: shapes.StepShape(many=True), **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        words = words_of(self.Input, request)
        if len(words) != 1:
            raise BadWords("Name a template, or write a text.")
        texts, name = [words.get("text", "")], ""
        if "template" in words:
            template = ChecklistTemplate.objects.filter(
                uuid=words["template"], is_active=True
            ).first()
            if template is None:
                raise NotFound("There is no such checklist.")
            texts, name = template.items, template.name
        checklist.add_steps(
            conversation_id=conversation.pk,
            texts=texts,
            name=name,
            agent_id=agent.pk,
            at=timezone.now(),
        )
        return Response(steps_of(conversation), status=status.HTTP_201_CREATED)


class StepApi(CaseView):
    class Input(serializers.Serializer[Any]):
        done = serializers.BooleanField(required=False)
        text = Line(max_length=200, required=False)
        position = serializers.IntegerField(min_value=0, max_value=1000, required=False)

    @extend_schema(request=Input, responses={200: shapes.StepShape, **PROBLEMS})
    def patch(self, request: Request, key: UUID, step: UUID) -> Response:
        """Ticks it off or on again, rewords it, moves it."""
        agent, conversation = self.case(request, key)
        changed = checklist.change_step(
            conversation_id=conversation.pk,
            key=step,
            agent_id=agent.pk,
            at=timezone.now(),
            **words_of(self.Input, request, partial=True),
        )
        return Response(step_of(changed))

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, key: UUID, step: UUID) -> Response:
        agent, conversation = self.case(request, key)
        checklist.remove_step(
            conversation_id=conversation.pk, key=step, agent_id=agent.pk, at=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class TimeApi(CaseView):
    """Time spent on the case."""

    class Input(serializers.Serializer[Any]):
        seconds = serializers.IntegerField(min_value=1, max_value=timing.MOST_SECONDS)
        note = Line(max_length=200, required=False, allow_blank=True, default="")

    @extend_schema(responses={200: shapes.TimeSpent, **PROBLEMS})
    def get(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        return Response(time_spent(conversation, agent))

    @extend_schema(request=Input, responses={201: shapes.TimeShape, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        """Writes time down that no timer has measured."""
        agent, conversation = self.case(request, key)
        made = timing.write_down(
            conversation_id=conversation.pk,
            agent_id=agent.pk,
            at=timezone.now(),
            **words_of(self.Input, request),
        )
        return Response(time_of(made), status=status.HTTP_201_CREATED)


class TimerApi(CaseView):
    """My timer runs on this case; one that runs elsewhere stops."""

    class Input(serializers.Serializer[Any]):
        note = Line(max_length=200, required=False, allow_blank=True, default="")

    @extend_schema(request=NoWords, responses={200: shapes.TimeSpent, **PROBLEMS})
    def post(self, request: Request, key: UUID) -> Response:
        agent, conversation = self.case(request, key)
        timing.start_timer(conversation_id=conversation.pk, agent_id=agent.pk, at=timezone.now())
        return Response(time_spent(conversation, agent))

    @extend_schema(request=Input, responses={200: shapes.TimeSpent, **PROBLEMS})
    def patch(self, request: Request, key: UUID) -> Response:
        """Stops it, with a note; nothing happens if it does not run here."""
        agent, conversation = self.case(request, key)
        timing.stop_timer(
            agent_id=agent.pk,
            conversation_id=conversation.pk,
            at=timezone.now(),
            **words_of(self.Input, request),
        )
        return Response(time_spent(conversation, agent))
