"""One function lends a conversation to a person: absent and forbidden look alike."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from agents.models import Agent, Assignment, Queue, Team
from agents.queries import led_by, queues_served_by
from conversations.errors import NotAllowed, NotFound
from conversations.models import Conversation, Customer, Mention, Participant
from conversations.models.conversation import ConversationQuerySet
from inboxes.models import Inbox

ANSWER = "conversations.answer_conversations"
SEE_ALL = "conversations.see_all_conversations"
SUPERVISE = "conversations.supervise_conversations"


def queues_of(agent: Agent) -> QuerySet[Queue]:
    """The queues an agent serves, by membership or by team, and those that a supervisor leads."""
    served = queues_served_by(agent.pk)
    if not agent.has_perm(SUPERVISE):
        return served
    led = Queue.objects.filter(led_by(agent.pk))
    return Queue.objects.filter(Q(pk__in=served.values("pk")) | Q(pk__in=led.values("pk")))


def visible_to(agent: Agent) -> ConversationQuerySet:
    """What this agent may see: what they hold or held, what waits where they serve, and where they
    take part or were mentioned."""
    if not agent.is_active or not agent.has_perm(ANSWER):
        return Conversation.objects.none()
    if agent.has_perm(SEE_ALL):
        return Conversation.objects.all()
    held = Assignment.objects.filter(conversation=OuterRef("pk"), agent=agent)
    part = Participant.objects.filter(conversation=OuterRef("pk"), agent=agent)
    mentioned = Mention.objects.filter(
        Q(agent=agent) | Q(team__in=Team.objects.filter(members=agent)),
        conversation=OuterRef("pk"),
    )
    return Conversation.objects.filter(
        Q(assignee=agent)
        | Q(queue__in=queues_of(agent))
        | Q(Exists(held))
        | Q(Exists(part))
        | Q(Exists(mentioned))
    )


def inboxes_of(agent: Agent) -> QuerySet[Inbox]:
    """The inboxes whose customers come to this agent: to a queue they serve, or, who serves the default
    one, from where no queue of its own is."""
    if agent.has_perm(SEE_ALL):
        return Inbox.objects.order_by("name")
    mine = queues_of(agent)
    found = Q(queues__in=mine)
    if mine.filter(is_default=True).exists():
        found |= Q(queues=None)
    return Inbox.objects.filter(found).distinct().order_by("name")


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


def may_see(agent: Agent, conversation_id: int) -> bool:
    return visible_to(agent).filter(pk=conversation_id).exists()


def customers_of(agent: Agent) -> QuerySet[Customer]:
    """The customers of whom this agent may see at least one conversation."""
    if agent.is_active and agent.has_perm(SEE_ALL):
        return Customer.objects.all()
    return Customer.objects.filter(Exists(visible_to(agent).filter(customer=OuterRef("pk"))))


def customer_for(agent: Agent, key: UUID) -> Customer:
    found = customers_of(agent).select_related("company", "owner").filter(uuid=key).first()
    if found is None:
        raise NotFound("There is no such customer.")
    return found


def require(agent: Agent, permission: str) -> None:
    """Raises NotAllowed unless the agent's roles grant this."""
    if not agent.has_perm(permission):
        raise NotAllowed("Your role does not allow this.")


def agent_of(request: Request) -> Agent:
    """The signed-in agent of a checked request."""
    user = request.user
    if isinstance(user, AnonymousUser) or not isinstance(user, Agent):
        raise NotAllowed("Sign in first.")
    return user


def supervises(supervisor: Agent, agent: Agent) -> bool:
    """Whether somebody who supervises does so for this agent: for everybody who sees everything, else
    for who serves where they serve or lead."""
    if not supervisor.has_perm(SUPERVISE):
        return False
    if supervisor.has_perm(SEE_ALL):
        return True
    theirs = queues_served_by(agent.pk).values("pk")
    return queues_of(supervisor).filter(pk__in=theirs).exists()


def supervisor_of(request: Request) -> Agent:
    """The signed-in agent, who may supervise. Raises NotAllowed."""
    agent = agent_of(request)
    if not agent.has_perm(SUPERVISE):
        raise NotAllowed("Only supervisors may do this.")
    return agent


class MayAnswer(BasePermission):
    """Signed in, active, and allowed to answer customers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        return isinstance(user, Agent) and user.is_active and user.has_perm(ANSWER)
