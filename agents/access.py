"""One function lends a conversation to a person: absent and forbidden look alike."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from agents.models import Agent, Assignment, Queue
from conversations.errors import NotAllowed, NotFound
from conversations.models import Conversation
from conversations.models.conversation import ConversationQuerySet

ANSWER = "conversations.answer_conversations"
SEE_ALL = "conversations.see_all_conversations"
SUPERVISE = "conversations.supervise_conversations"


def queues_of(agent: Agent) -> QuerySet[Queue]:
    """The queues an agent serves, by membership or by team."""
    return Queue.objects.filter(Q(members=agent) | Q(team__members=agent)).distinct()


def visible_to(agent: Agent) -> ConversationQuerySet:
    """What this agent may see: what they hold or held, and what waits where they serve."""
    if not agent.is_active or not agent.has_perm(ANSWER):
        return Conversation.objects.none()
    if agent.has_perm(SEE_ALL):
        return Conversation.objects.all()
    held = Assignment.objects.filter(conversation=OuterRef("pk"), agent=agent)
    return Conversation.objects.filter(
        Q(assignee=agent) | Q(queue__in=queues_of(agent)) | Q(Exists(held))
    )


def conversation_for(agent: Agent, key: UUID) -> Conversation:
    found = (
        visible_to(agent)
        .select_related("inbox", "customer", "assignee", "queue")
        .filter(uuid=key)
        .first()
    )
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def agent_of(request: Request) -> Agent:
    """The signed-in agent of a checked request."""
    user = request.user
    if isinstance(user, AnonymousUser) or not isinstance(user, Agent):
        raise NotAllowed("Sign in first.")
    return user


class MayAnswer(BasePermission):
    """Signed in, active, and allowed to answer customers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return isinstance(user, Agent) and user.is_active and user.has_perm(ANSWER)
