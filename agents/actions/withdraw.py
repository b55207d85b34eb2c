"""An offer ends: the agent's console is told."""

from datetime import datetime

from agents.models import Offer
from conversations import live
from conversations.live import Push, agent_room
from conversations.models import Conversation


def end_offer(offer: Offer, outcome: str, *, at: datetime) -> None:
    offer.ended_at = at
    offer.outcome = outcome
    offer.save(update_fields=["ended_at", "outcome"])
    live.announce_on_commit(
        [
            Push(
                (agent_room(offer.agent_id),),
                {
                    "type": "offer_gone",
                    "conversation": str(offer.conversation.uuid),
                    "outcome": outcome,
                },
            )
        ]
    )


def withdraw(conversation: Conversation, *, at: datetime) -> None:
    """Nobody needs to be asked about a held conversation any more."""
    for offer in Offer.objects.filter(conversation=conversation, ended_at=None):
        end_offer(offer, Offer.Outcome.WITHDRAWN, at=at)
