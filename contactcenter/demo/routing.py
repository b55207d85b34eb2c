"""How the demo shop hands its customers out: written once into a house that has none of it yet."""

from datetime import date, datetime, time
from typing import Any

from agents.models import (
    Agent,
    AgentSkill,
    CannedReply,
    Holiday,
    Macro,
    OpeningHours,
    Policy,
    Queue,
    Schedule,
    Skill,
    StateReason,
    WrapUpCode,
)
from conversations.models import AttributeDefinition, ChecklistTemplate, Label

ORDERS = "Orders and returns"
HOURS = "Shop hours"
ZONE = "Europe/Berlin"
OVERFLOW_AFTER = 120
# who → skill → level
SKILLS = {
    "agent1": {"english": 5, "returns": 4},
    "agent2": {"chinese": 5, "english": 4, "technical": 3},
    "agent3": {"english": 5, "technical": 5},
    "agent4": {"english": 4, "chinese": 3, "returns": 5},
}
SERVES_ORDERS = ("agent1", "agent4")
WAITING = [
    {
        "after": 60,
        "text": {
            "en": "Thank you for waiting. Somebody will be with you soon.",
            "zh": "感谢您的耐心等待，我们的同事马上就来。",
        },
    },
    {
        "after": 180,
        "text": {
            "en": "It takes longer than usual today, sorry. You keep your place in the line; "
            "you can also leave your number and we will call you back.",
            "zh": "抱歉，今天等待时间较长。您的位置会保留；您也可以留下电话，我们会回电。",
        },
    },
]
GOODBYE = {
    "en": "We have not heard from you for a day, so we close this chat. Write again at any time.",
    "zh": "您已一天没有回复，我们先结束这次对话。欢迎随时再联系我们。",
}
EVERYWHERE: dict[str, Any] = {
    "waiting_messages": WAITING,
    "sticky": {"days": 30},
    "auto_resolve": {"after": 86_400, "text": GOODBYE, "label": "went silent"},
    "answer_seconds": 300,
}
JOINS = "refund, send it back, send back, exchange it, 退货, 退款, 换货"
# code, name, and whether it is for orders or for everything else; some for all are there already
CODES = (
    ("advice", "Advice given", False),
    ("workshop", "Passed on to the workshop", False),
    ("order-status", "Told where the order is", True),
    ("return-started", "Return started", True),
    ("refund", "Refund agreed", True),
)
# name, counts as work
REASONS = (("Lunch", False), ("Break", False), ("Training", True), ("Meeting", True))
# name, colour, group, one of its group at a time, description
LABELS = (
    ("delivery", "#2f56c6", "topic", False, "Where is it, when does it come."),
    ("return", "#8b4bb3", "topic", False, "Something goes back."),
    ("warranty", "#15806f", "topic", False, "Broken, and to be mended."),
    ("happy", "#1a7f4b", "mood", True, ""),
    ("upset", "#c02b2b", "mood", True, "Handle with care."),
    ("went silent", "#6b7280", "", False, "Ended by itself after a day."),
)
RETURN = {
    "en": "You have 30 days. I will send you a label now; put it on the parcel and drop it at any "
    "parcel shop.",
    "zh": "您有三十天的退货期。我现在把退货标签发给您，贴在包裹上交给任一快递点即可。",
}
STEPS = [
    "Ask for the order number",
    "Ask whether it was worn outdoors",
    "Send the return label",
    "Write down the condition when it arrives",
]


def create_routing(*, at: datetime) -> int:
    """How much was written. Once any of it is there, it is the operator's: nothing is added."""
    if Queue.objects.filter(name=ORDERS).exists() or Schedule.objects.filter(name=HOURS).exists():
        return 0
    made = [_hours(at=at), *_skills(), *_queue(), *_choices(), *_cases(), *_tools()]
    return len(made)


def _hours(*, at: datetime) -> Schedule:
    """Not in force: a demo is looked at in the evening, too. A rule `hours` puts it in force."""
    schedule = Schedule.objects.create(name=HOURS, time_zone=ZONE)
    week = [(day, time(9), time(18)) for day in range(5)] + [(5, time(10), time(16))]
    OpeningHours.objects.bulk_create(
        OpeningHours(schedule=schedule, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in week
    )
    Holiday.objects.bulk_create(
        Holiday(schedule=schedule, name=name, day=day, opens=opens, closes=closes)
        for name, day, opens, closes in (
            ("Christmas Eve", date(at.year, 12, 24), time(9), time(12)),
            ("Christmas", date(at.year, 12, 25), None, None),
            ("Boxing Day", date(at.year, 12, 26), None, None),
            ("New Year", date(at.year + 1, 1, 1), None, None),
        )
    )
    return schedule


def _skills() -> list[AgentSkill]:
    people = Agent.objects.in_bulk(list(SKILLS), field_name="username")
    names = {name for levels in SKILLS.values() for name in levels}
    skills = {name: Skill.objects.get_or_create(name=name)[0] for name in sorted(names)}
    rows = [
        AgentSkill(agent=people[who], skill=skills[name], level=level)
        for who, levels in SKILLS.items()
        for name, level in levels.items()
        if who in people
    ]
    return AgentSkill.objects.bulk_create(rows, ignore_conflicts=True)


def _queue() -> list[Policy]:
    """The second line, and the rules; one that somebody set before stays as it is."""
    orders = Queue.objects.create(name=ORDERS, target_seconds=120)
    orders.members.set(Agent.objects.filter(username__in=SERVES_ORDERS))
    here: dict[str, Any] = {
        "choose": ["language", "skill", "least_loaded", "longest_idle"],
        "skills": [{"all": [{"skill": "returns", "level": 3}], "seconds": 60}, {}],
    }
    if (main := Queue.objects.filter(is_default=True).first()) is not None:
        here["overflow"] = {"after": OVERFLOW_AFTER, "queue": str(main.uuid)}
    everywhere = Policy.objects.filter(agent=None, queue=None, team=None, inbox=None, channel="")
    known = set(everywhere.values_list("rule", flat=True))
    joins = [{"says": JOINS, "queue": str(orders.uuid)}]
    rows = [Policy(rule=rule, value=value, queue=orders) for rule, value in here.items()]
    if "joins" not in known:
        rows.append(Policy(rule="joins", value=joins))
    rows += [Policy(rule=rule, value=v) for rule, v in EVERYWHERE.items() if rule not in known]
    return Policy.objects.bulk_create(rows)


def _choices() -> list[Any]:
    orders, others = Queue.objects.get(name=ORDERS), Queue.objects.exclude(name=ORDERS)
    made: list[Any] = []
    for position, (code, name, for_orders) in enumerate(CODES, start=1):
        values = {"name": name, "position": position * 10}
        row, new = WrapUpCode.objects.get_or_create(code=code, defaults=values)
        if new:
            row.queues.set([orders] if for_orders else others)
        made += [row] if new else []
    for name, is_work in REASONS:
        reason, new = StateReason.objects.get_or_create(name=name, defaults={"is_work": is_work})
        made += [reason] if new else []
    return made


def _cases() -> list[Any]:
    """Labels, the shop's own fields, and a list of steps."""
    known = {name.lower() for name in Label.objects.values_list("name", flat=True)}
    labels = [
        Label(name=name, colour=colour, group=group, is_exclusive=alone, description=said)
        for name, colour, group, alone, said in LABELS
        if name not in known
    ]
    made: list[Any] = list(Label.objects.bulk_create(labels))
    fields: tuple[dict[str, Any], ...] = (
        {"scope": "conversation", "key": "order_number", "label": "Order number",
         "regex": r"FW-\d{5}", "help": "Such as FW-10234."},
        {"scope": "customer", "key": "vip", "label": "VIP", "kind": "checkbox",
         "help": "Ask a manager before saying no."},
    )  # fmt: skip
    for field in fields:
        key = {name: field.pop(name) for name in ("scope", "key")}
        row, new = AttributeDefinition.objects.get_or_create(**key, defaults=field)
        made += [row] if new else []
    if not ChecklistTemplate.objects.filter(name="A return").exists():
        made.append(ChecklistTemplate.objects.create(name="A return", items=STEPS))
    return made


def _tools() -> list[Any]:
    """Two canned replies and a macro, unless there are any already."""
    made: list[Any] = []
    if not CannedReply.objects.filter(scope="everybody").exists():
        made += CannedReply.objects.bulk_create(
            CannedReply(shortcut=shortcut, title=title, texts=texts, tags=tags)
            for shortcut, title, texts, tags in (
                ("hello", "A first word", {
                    "en": "Hello {{customer.name|there}}, this is {{agent.name}}. "
                    "I have read what you wrote; one moment please.",
                    "zh": "{{customer.name|您好}}，我是{{agent.name}}。我正在看您的问题，请稍等。",
                }, ["greeting"]),
                ("return", "How a return works", RETURN, ["returns"]),
            )
        )  # fmt: skip
    if not Macro.objects.filter(owner=None).exists():
        actions = [
            {"do": "add_labels", "labels": ["return"]},
            {"do": "reply", "text": RETURN["en"]},
        ]
        made.append(Macro.objects.create(name="Start a return", actions=actions))
    return made
