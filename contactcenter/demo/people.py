"""Who works at the demo shop: accounts with their roles, and where they serve."""

from django.contrib.auth.models import Group

from agents.models import Agent, Queue, Team
from agents.roles import ADMIN, AGENT, MANAGER
from inboxes.models import Inbox

# username → name in full, what customers see, role, languages
PEOPLE = (
    ("admin", "Ada Winter", "Ada", ADMIN, ["en"]),
    ("manager", "Mareike Lund", "Mareike", MANAGER, ["en", "de"]),
    ("agent1", "Jonas Petersen", "Jonas", AGENT, ["en", "de"]),
    ("agent2", "Qiao Lin", "Lin", AGENT, ["zh", "en"]),
    ("agent3", "Amara Okafor", "Amara", AGENT, ["en"]),
    ("agent4", "Tomás Vidal", "Tomás", AGENT, ["en", "zh"]),
)
INBOX_KEY = "web"
APPEARANCE = {
    "accent": "#2f6b4f",
    "position": "right",
    "texts": {
        "en": {
            "suggestions": [
                "Where is my order?",
                "How long do I have to return something?",
                "Which tent for two people?",
            ]
        },
        "zh": {"suggestions": ["我的订单到哪了？", "买了多久之内可以退货？", "可以租帐篷吗？"]},
    },
}
QUEUE = "Support"
TEAM = "Customer service"


def create_accounts(*, password: str) -> list[str]:
    """The usernames that were missing and exist now, each with this password."""
    known = set(
        Agent.objects.filter(username__in=[p[0] for p in PEOPLE]).values_list("username", flat=True)
    )
    created = []
    for username, full_name, shown, role, languages in PEOPLE:
        if username in known:
            continue
        first, _, last = full_name.partition(" ")
        agent = Agent.objects.create_user(
            username=username,
            email=f"{username}@farwander.example",
            password=password,
            first_name=first,
            last_name=last,
            display_name=shown,
            languages=languages,
            is_staff=role != AGENT,
            is_superuser=role == ADMIN,
        )
        agent.groups.add(Group.objects.get(name=role))
        created.append(username)
    return created


def customer_service() -> tuple[Team, bool]:
    """The team of all agents of the demo, and whether it is new."""
    team, is_new = Team.objects.get_or_create(name=TEAM)
    if is_new:
        team.members.set(
            Agent.objects.filter(groups__name=AGENT, username__in=[p[0] for p in PEOPLE])
        )
    return team, is_new


def create_places() -> int:
    """The team, the web inbox and the queue between them, as far as they are missing."""
    team, new_team = customer_service()
    inbox, new_inbox = Inbox.objects.get_or_create(
        key=INBOX_KEY,
        defaults={
            "name": "Farwander",
            "kind": Inbox.Kind.WEB,
            "languages": ["en", "zh"],
            "appearance": APPEARANCE,
            "typing_preview": True,
        },
    )
    queue, new_queue = Queue.objects.get_or_create(
        name=QUEUE,
        defaults={
            "team": team,
            # Somebody else's default stays the default.
            "is_default": not Queue.objects.filter(is_default=True).exists(),
        },
    )
    if new_queue:
        queue.inboxes.add(inbox)
    return new_team + new_inbox + new_queue
