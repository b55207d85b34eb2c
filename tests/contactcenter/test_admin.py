"""The admin's doors: who comes in, what they see, what they can't break."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client, RequestFactory
from django.utils import timezone

from agents.authentication import agent_of_token, issue_token
from agents.models import Agent
from contactcenter.unfold import _GROUPS, navigation
from conversations.actions.calling import ask_for_a_call
from conversations.models import Callback, Conversation, Message
from tests import make
from tests.analytics.story import Story
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOSTILE = '<script>alert("x")</script>'
LISTS = (
    "agents/agent", "agents/apitoken", "agents/queue", "agents/team", "auth/group",
    "admin/logentry", "inboxes/inbox", "conversations/conversation", "conversations/customer",
    "conversations/callback", "conversations/rating",
)  # fmt: skip


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.agent(role=role, is_staff=True))
    return client


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(Agent.objects.create_superuser("boss", password="x"))
    return client


@pytest.fixture
def talk() -> Story:
    agent = make.agent()
    story = Story(NOON, customer=make.customer(name=HOSTILE)).asks(1, HOSTILE).bot(2)
    story.hands_over(3).taken(4, agent).agent_says(5, agent, note=True)
    ask_for_a_call(conversation_id=story.pk, phone="+49 30 1234567", call_at=None, at=NOON)
    return story.rated(9, 4)


@pytest.mark.parametrize("page", LISTS)
def test_every_list_opens_searches_and_sorts(boss: Client, talk: Story, page: str) -> None:
    for query in ("", "?q=nobody", "?o=1", "?o=-1"):
        answer = boss.get(f"/admin/{page}/{query}")
        assert answer.status_code == 200
        assert HOSTILE not in answer.content.decode()


@pytest.mark.parametrize("page", ["agents/agent", "agents/queue", "agents/team", "inboxes/inbox"])
def test_every_form_opens(boss: Client, page: str) -> None:
    assert boss.get(f"/admin/{page}/add/").status_code == 200


def test_a_conversation_is_read_whole_and_never_edited(boss: Client, talk: Story) -> None:
    address = f"/admin/conversations/conversation/{talk.pk}/change/"
    before = Message.objects.filter(conversation=talk.pk).count()

    html = boss.get(address).content.decode()

    assert HOSTILE not in html
    assert "&lt;script&gt;" in html
    assert "private note" in html
    assert "a person was asked for" in html
    assert html.count('class="talk-line') == Conversation.objects.get(pk=talk.pk).offset
    assert boss.post(address, {"state": "resolved"}).status_code == 403
    delete = f"/admin/conversations/conversation/{talk.pk}/delete/"
    assert boss.post(delete, {"post": "yes"}).status_code == 403
    assert boss.get("/admin/conversations/conversation/add/").status_code == 403
    assert Message.objects.filter(conversation=talk.pk).count() == before
    assert Conversation.objects.get(pk=talk.pk).state == "assigned"


def test_a_conversation_is_found_by_its_id(boss: Client, talk: Story) -> None:
    key = Conversation.objects.get(pk=talk.pk).uuid

    found = boss.get(f"/admin/conversations/conversation/?q={key}").context["cl"]
    nothing = boss.get(f"/admin/conversations/conversation/?q={uuid4()}").context["cl"]

    assert [row.pk for row in found.result_list] == [talk.pk]
    assert list(nothing.result_list) == []


def test_an_agent_with_staff_status_alone_sees_nothing(talk: Story) -> None:
    agent = signed_in("agent")

    assert agent.get("/admin/").status_code == 200
    for page in LISTS:
        assert agent.get(f"/admin/{page}/").status_code == 403
    assert agent.get(f"/admin/conversations/conversation/{talk.pk}/change/").status_code == 403


def test_a_manager_reads_conversations_but_sets_nothing_up(talk: Story) -> None:
    manager = signed_in("manager")

    assert manager.get(f"/admin/conversations/conversation/{talk.pk}/change/").status_code == 200
    assert manager.get("/admin/inboxes/inbox/").status_code == 403
    assert manager.get("/admin/admin/logentry/").status_code == 403


def test_a_callback_can_be_done_and_nothing_else(talk: Story) -> None:
    callback = Callback.objects.get(conversation=talk.pk)
    address = f"/admin/conversations/callback/{callback.pk}/change/"

    answer = signed_in("manager").post(address, {"state": "done", "phone": "+1 555 0000000"})

    callback.refresh_from_db()
    assert answer.status_code == 302
    assert (callback.state, callback.phone) == ("done", "+49 30 1234567")


def test_a_secret_is_shown_only_on_demand_and_both_ways_are_logged(boss: Client) -> None:
    inbox = make.inbox()
    page = f"/admin/inboxes/inbox/{inbox.pk}/"

    assert inbox.secret not in boss.get(page + "change/").content.decode()
    assert inbox.secret not in boss.get(page + "secret/").content.decode()
    assert inbox.secret in boss.post(page + "secret/", {"show": "1"}).content.decode()
    boss.post(page + "secret/", {"renew": "1"})

    old = inbox.secret
    inbox.refresh_from_db()
    assert inbox.secret != old
    assert sorted(e.get_change_message() for e in LogEntry.objects.all()) == [
        "Looked at the identity secret.",
        "Replaced the identity secret.",
    ]
    assert signed_in("manager").post(page + "secret/", {"show": "1"}).status_code == 403


def test_switching_somebody_off_ends_everything_at_once(boss: Client) -> None:
    make.queue(is_default=True)
    leaver = make.present_agent(role="manager", is_staff=True)
    page = Client()
    page.force_login(leaver)
    token = issue_token(agent=leaver, at=timezone.now())
    held = Story(NOON).asks(1).hands_over(2).taken(3, leaver)

    boss.post("/admin/agents/agent/", {"action": "switch_off", "_selected_action": [leaver.pk]})

    leaver.refresh_from_db()
    assert leaver.is_active is False
    assert page.get("/admin/").status_code == 302
    assert agent_of_token(token, at=timezone.now()) is None
    assert Conversation.objects.get(pk=held.pk).state == "queued"
    Agent.objects.filter(pk=leaver.pk).update(is_active=True)
    # An old session or token does not wake up with the account.
    assert page.get("/admin/").status_code == 302
    assert agent_of_token(token, at=timezone.now()) is None


def test_nobody_below_a_superuser_touches_one(boss: Client) -> None:
    superuser = Agent.objects.get(username="boss")
    admin = signed_in("admin")

    assert admin.get("/admin/agents/agent/").status_code == 200
    assert admin.post(f"/admin/agents/agent/{superuser.pk}/password/", {}).status_code == 403
    assert admin.post(
        f"/admin/agents/agent/{superuser.pk}/change/", {"username": "mine"}
    ).status_code == 403  # fmt: skip
    admin.post("/admin/agents/agent/", {"action": "switch_off", "_selected_action": [superuser.pk]})
    superuser.refresh_from_db()
    assert (superuser.username, superuser.is_active) == ("boss", True)


def test_an_account_is_made_with_its_role(boss: Client) -> None:
    from django.contrib.auth.models import Group

    make.agent()  # makes the roles
    role = Group.objects.get(name="agent")
    boss.post(
        "/admin/agents/agent/add/",
        {
            "username": "new", "display_name": "Noor", "email": "", "password1": "Long-enough-7",
            "password2": "Long-enough-7", "usable_password": "true", "groups": [role.pk],
            "capacity": 3, "languages": ["en", "zh"],
        },
    )  # fmt: skip

    new = Agent.objects.get(username="new")
    assert (new.capacity, new.languages, new.is_staff) == (3, ["en", "zh"], False)
    assert list(new.groups.all()) == [role]
    assert new.check_password("Long-enough-7")


def test_the_log_of_changes_is_only_read(boss: Client) -> None:
    inbox = make.inbox()
    boss.post(f"/admin/inboxes/inbox/{inbox.pk}/secret/", {"show": "1"})
    entry = LogEntry.objects.get()

    assert boss.get(f"/admin/admin/logentry/{entry.pk}/change/").status_code == 200
    assert boss.post(f"/admin/admin/logentry/{entry.pk}/change/", {}).status_code == 403
    assert (
        boss.post(f"/admin/admin/logentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    )


def test_lists_cost_the_same_for_one_and_for_three(
    boss: Client, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for page in ("conversations/conversation", "agents/agent", "conversations/customer"):
        costs = []
        for _ in range(3):
            Story(NOON - timedelta(hours=1)).asks(1).bot(2).rated(5, 4)
            make.present_agent()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                boss.get(f"/admin/{page}/")
            costs.append(len(queries))
        assert costs[1] == costs[2], page


def test_signing_in_here_leads_here() -> None:
    made = make.agent(role="manager", is_staff=True, username="maria", password="Long-enough-7")
    page = Client()

    html = page.get("/admin/login/").content.decode()
    answer = page.post(
        "/admin/login/", {"username": "maria", "password": "Long-enough-7", "next": "/admin/"}
    )

    assert 'name="next" value="/admin/"' in html
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert page.get("/admin/").context["user"] == made


def test_whoever_is_no_staff_is_kept_out() -> None:
    make.agent(username="nico", password="Long-enough-7")

    answer = Client().post("/admin/login/", {"username": "nico", "password": "Long-enough-7"})

    assert answer.status_code == 200
    assert "for a staff account" in answer.content.decode()


def test_guessing_is_slowed_down() -> None:
    guess = {"username": f"guessed-{uuid4()}", "password": "wrong"}
    page = Client(REMOTE_ADDR="203.0.113.9")

    answers = [page.post("/admin/login/", guess).content.decode() for _ in range(25)]

    assert "Too many attempts" not in answers[0]
    assert "Too many attempts" in answers[-1]


def test_the_front_page_says_how_it_stands_to_who_may_see_reports(talk: Story) -> None:
    manager = signed_in("manager").get("/admin/").content.decode()
    other = Client()
    other.force_login(make.agent(is_staff=True))

    assert "Waiting now" in manager
    assert 'href="/admin/analytics/"' in manager
    assert "Waiting now" not in other.get("/admin/").content.decode()


def test_a_list_keeps_long_words_short(boss: Client) -> None:
    make.conversation(preview="word " * 25)

    html = boss.get("/admin/conversations/conversation/").content.decode()

    assert "word word" in html
    assert "word " * 13 not in html


def test_a_manager_has_every_place_but_those_that_are_named_here(rf: RequestFactory) -> None:
    """A room that is added is for managers, or somebody has decided that it is not."""
    request = rf.get("/admin/")
    request.user = make.agent(role="manager", is_staff=True)
    titles = {item["title"] for group in navigation(request) for item in group["items"]}

    missing = {
        (group, place.title)
        for group, places in _GROUPS
        for place in places
        if place.title not in titles and group not in {"Shop", "Demo businesses"}
    }

    assert missing == {
        ("Automation", "Connections"),  # keys to other systems
        ("Inboxes", "Inboxes"),
        ("People and queues", "Roles"),
        ("System", "API tokens"),
        ("System", "Log of changes"),
    }
