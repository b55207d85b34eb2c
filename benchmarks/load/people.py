"""Makes customers and agents in the product's own database, by its own actions.

`python -m benchmarks.load.people make PAIRS SINGLES` prints {"pairs": […], "singles": […]} as JSON:
of each pair the customer's token and their agent's, who holds their conversation; of each single
the customer's token. `… people end` resolves what such agents still hold, so that nobody looks for
them.
"""

import json
import os
import sys
import uuid
from datetime import timedelta
from typing import Any

NAME = "bench-"


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    import django

    django.setup()
    match arguments:
        case ["make", pairs, singles]:
            make(int(pairs), int(singles))
        case ["end"]:
            end()
        case _:
            sys.exit(str(__doc__))


def make(pairs: int, singles: int) -> None:
    print(
        json.dumps(
            {
                "pairs": [_pair(number) for number in range(pairs)],
                "singles": [_customer(f"Single {n}").token for n in range(singles)],
            }
        )
    )


def end() -> None:
    """At once and quietly: hundreds of partings would keep the workers busy for the next run."""
    from django.db.models import Q
    from django.utils import timezone

    from agents.models import Assignment, Presence
    from conversations.lifecycle import ENDED
    from conversations.models import Conversation

    ours = Q(assignee__username__startswith=NAME) | Q(customer__name__startswith="Customer ")
    Conversation.objects.filter(ours).exclude(state__in=ENDED).update(
        state="resolved", resolved_at=timezone.now(), assignee=None, due_at=None
    )
    Assignment.objects.filter(agent__username__startswith=NAME, ended_at=None).update(
        ended_at=timezone.now()
    )
    Presence.objects.filter(agent__username__startswith=NAME).update(status="offline")


def _customer(name: str) -> Any:
    from django.utils import timezone

    from conversations.actions.session import Claims, open_session
    from inboxes.models import Inbox

    inbox = Inbox.objects.get(key="web")
    return open_session(
        inbox=inbox, language="en", claims=Claims(name=name), origin="", at=timezone.now()
    )


def _pair(number: int) -> dict[str, str]:
    from django.contrib.auth.models import Group
    from django.utils import timezone

    from agents.actions.assign import claim
    from agents.authentication import issue_token
    from agents.models import Agent, Presence
    from agents.roles import AGENT

    at = timezone.now()
    agent = Agent(username=f"{NAME}{uuid.uuid4().hex[:12]}", first_name=f"Bench {number}")
    agent.set_unusable_password()
    agent.save()
    agent.groups.add(Group.objects.get(name=AGENT))
    # Away, so that nobody else's customer is offered; and not missed until their socket is open.
    Presence.objects.create(
        agent=agent, status="away", since=at, seen_at=at + timedelta(minutes=10)
    )
    opened = _customer(f"Customer {number}")
    conversation = opened.conversation
    claim(conversation_id=conversation.pk, agent_id=agent.pk, at=at)
    conversation.refresh_from_db()
    return {
        "token": opened.token,
        "agent": issue_token(agent=agent, at=at),
        "conversation": str(conversation.uuid),
        "id": str(conversation.pk),
        "seq": str(conversation.seq),
        "offset": str(conversation.offset),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
