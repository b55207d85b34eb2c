"""Setting up over HTTP: what a manager may, what nobody else may, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from agents.models import Agent, AgentSkill, Policy, Queue, Schedule, Skill, Team
from agents.rules.registry import RULES
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

WEEK = {
    "name": "Shop",
    "time_zone": "Europe/Berlin",
    "hours": [
        {"weekday": 0, "opens": "09:00", "closes": "12:00"},
        {"weekday": 0, "opens": "13:00", "closes": "18:00"},
    ],
    "holidays": [{"day": "2026-12-25", "name": "Christmas"}],
}


@pytest.fixture
def manager() -> Door:
    return Door(make.agent(role="manager"))


@pytest.fixture
def jonas() -> Agent:
    return make.agent(display_name="Jonas")


def refused(door: Door, method: str, path: str, words: Any, field: str) -> str:
    status, answer = door.ask(method, path, words)
    assert (status, answer["code"]) == (400, "invalid"), answer
    return str(answer["fields"][field])


class TestPolicies:
    def test_every_rule_is_described(self, manager: Door) -> None:
        rules = manager.get("policies/rules/")

        assert {rule["rule"] for rule in rules} == set(RULES)
        mode = next(rule for rule in rules if rule["rule"] == "mode")
        assert mode["default"] == mode["example"] == "offer"
        assert mode["default_says"] == "Offered: accept or decline."
        assert mode["scopes"] == ["queue", "inbox", "channel", "everything"]
        wrap_up = next(rule for rule in rules if rule["rule"] == "wrap_up")
        assert wrap_up["default"] == {"mode": "requested", "seconds": 60, "required": False}

    def test_set_changed_and_taken_back(self, manager: Door) -> None:
        queue, other = make.queue(name="Orders"), make.queue(name="Support")
        made = manager.post(
            "policies/",
            {
                "rule": "overflow",
                "queue": str(queue.uuid),
                "value": {"after": 120, "queue": "support"},
            },
        )

        assert made["value"] == {"after": 120, "queue": str(other.uuid)}
        assert made["says"] == "After 2 minutes on to Support."
        assert made["where"] == {"scope": "queue", "id": str(queue.uuid), "name": "Orders"}
        path = f"policies/{made['id']}/"
        status, changed = manager.ask("patch", path, {"value": None})
        assert (status, changed["says"]) == (200, "Off.")
        assert manager.get(path) == changed
        assert manager.ask("delete", path)[0] == 204
        assert manager.ask("get", path)[0] == 404

    def test_lists_by_place_and_in_pages(self, manager: Door, jonas: Agent) -> None:
        queue, inbox = make.queue(), make.inbox()
        for place in ({}, {"queue": str(queue.uuid)}, {"inbox": inbox.key}, {"channel": "web"}):
            manager.post("policies/", {"rule": "order", "value": "sla", **place})
        manager.post("policies/", {"rule": "open_limit", "value": 3, "agent": str(jonas.uuid)})

        def found(query: str) -> list[str]:
            return [one["where"]["scope"] for one in manager.get(f"policies/?{query}")["results"]]

        assert found("rule=order") == ["everything", "queue", "inbox", "channel"]
        assert found(f"queue={queue.uuid}") == ["queue"]
        assert found(f"inbox={inbox.key}") == ["inbox"]
        assert found(f"agent={jonas.uuid}") == ["agent"]
        assert found("scope=everything") == ["everything"]
        assert found("scope=channel") == ["channel"]
        page = manager.get("policies/?limit=2")
        assert len(page["results"]) == 2
        assert "cursor=" in page["next"]
        assert manager.ask("get", "policies/?rule=nothing")[0] == 400
        assert manager.ask("get", "policies/?cursor=x")[0] == 400

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"rule": "mode", "value": "sometimes"}, "value"),
            ({"rule": "mode"}, "value"),
            ({"rule": "no_such_rule", "value": 1}, "rule"),
            ({"rule": "weights", "value": {"web": 1}, "channel": "web"}, "scope"),
            ({"rule": "mode", "value": "offer", "queue": str(uuid4())}, "queue"),
            ({"rule": "mode", "value": "offer", "channel": "pigeon"}, "channel"),
            ({"rule": "hours", "value": str(uuid4())}, "value"),
            ({"rule": "explore", "value": "lots"}, "value"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, manager: Door, words: dict[str, Any], field: str) -> None:
        assert refused(manager, "post", "policies/", words, field)
        assert not Policy.objects.exists()

    def test_two_places_or_the_same_twice_are_refused(self, manager: Door) -> None:
        queue, inbox = make.queue(), make.inbox()
        both = {"rule": "mode", "value": "offer", "queue": str(queue.uuid), "inbox": inbox.key}
        assert refused(manager, "post", "policies/", both, "inbox")
        once = {"rule": "mode", "value": "offer", "queue": str(queue.uuid)}
        manager.post("policies/", once)
        status, answer = manager.ask("post", "policies/", once)
        assert (status, answer["code"]) == (409, "taken")

    def test_a_secret_is_covered_and_kept(self, manager: Door) -> None:
        value = {"url": "https://r.example/choose", "secret": "hush"}
        made = manager.post("policies/", {"rule": "webhook", "value": value})
        assert "hush" not in str(made)

        path = f"policies/{made['id']}/"
        manager.ask("patch", path, {"value": made["value"] | {"seconds": 3}})

        assert Policy.objects.get().value == value | {"seconds": 3}

    def test_agents_set_nothing(self, jonas: Agent) -> None:
        door = Door(jonas)
        row = Policy.objects.create(rule="mode", value="offer")
        for method, path in (
            ("get", "policies/"), ("get", "policies/rules/"), ("post", "policies/"),
            ("get", f"policies/{row.pk}/"), ("patch", f"policies/{row.pk}/"),
            ("delete", f"policies/{row.pk}/"),
        ):  # fmt: skip
            assert door.ask(method, path, {})[0] == 403, path
        assert door.ask("get", f"policies/{2**70}/")[0] == 403

    def test_a_number_beyond_all_numbers_is_nothing(self, manager: Door) -> None:
        assert manager.ask("get", f"policies/{2**70}/")[0] == 404
        assert manager.ask("delete", f"away-reasons/{2**70}/")[0] == 404


class TestInForce:
    def test_a_queue_says_what_holds_and_from_where(self, manager: Door) -> None:
        queue = make.queue(name="Orders")
        manager.post("policies/", {"rule": "order", "value": "strict", "queue": str(queue.uuid)})
        everywhere = manager.post("policies/", {"rule": "answer_seconds", "value": 300})

        lines = {line["rule"]: line for line in manager.get(f"queues/{queue.uuid}/rules/")}

        assert set(lines) == set(RULES)
        assert lines["order"]["from"]["name"] == "Orders"
        assert lines["answer_seconds"]["from"] == {
            "scope": "everything", "id": None, "name": "everywhere", "policy": everywhere["id"],
        }  # fmt: skip
        assert lines["mode"]["from"]["scope"] == "default"

    def test_a_person_sees_their_own(self, manager: Door, jonas: Agent) -> None:
        queue = make.queue()
        limit = {"rule": "open_limit", "value": 3, "agent": str(jonas.uuid)}
        manager.post("policies/", limit)
        manager.post(
            "policies/",
            {"rule": "wrap_up", "value": {"mode": "optional"}, "queue": str(queue.uuid)},
        )
        path = f"agents/{jonas.uuid}/rules/"

        mine = {line["rule"]: line for line in Door(jonas).get(path)}
        there = {line["rule"]: line for line in manager.get(f"{path}?queue={queue.uuid}")}

        assert (mine["open_limit"]["value"], mine["wrap_up"]["from"]["scope"]) == (3, "default")
        assert there["wrap_up"]["from"]["scope"] == "queue"
        assert Door(make.agent()).ask("get", path)[0] == 403
        assert manager.ask("get", f"{path}?queue=x")[0] == 400

    def test_it_says_what_routing_does(self, manager: Door) -> None:
        """The page and the book never disagree."""
        from agents.reads.policies import PolicyBook

        queue = make.queue(team=Team.objects.create(name="Night"))
        manager.post("policies/", {"rule": "mode", "value": "direct"})
        manager.post("policies/", {"rule": "mode", "value": "manual", "queue": str(queue.uuid)})
        line = next(
            one for one in manager.get(f"queues/{queue.uuid}/rules/") if one["rule"] == "mode"
        )
        assert line["value"] == PolicyBook.load().for_queue(queue).mode == "manual"


class TestPeople:
    def test_skills_are_written_whole(self, manager: Door, jonas: Agent) -> None:
        for name in ("Returns", "english", "old"):
            manager.post("skills/", {"name": name})
        AgentSkill.objects.create(agent=jonas, skill=Skill.objects.get(name="old"))
        path = f"agents/{jonas.uuid}/skills/"

        status, kept = manager.ask(
            "put", path, [{"skill": "returns", "level": 4}, {"skill": "English", "level": 5}]
        )

        assert status == 200
        assert kept == [{"skill": "english", "level": 5}, {"skill": "returns", "level": 4}]
        assert Door(jonas).get(path) == kept
        assert refused(manager, "put", path, [{"skill": "magic", "level": 1}], "skill")
        assert refused(
            manager,
            "put",
            path,
            [{"skill": "returns", "level": 1}, {"skill": "RETURNS", "level": 2}],
            "skill",
        )
        assert manager.ask("put", path, [{"skill": "returns", "level": 6}])[0] == 400
        assert manager.ask("put", path, {"skill": "returns"})[0] == 400
        assert Door(jonas).get(path) == kept
        assert Door(jonas).ask("put", path, [])[0] == 403

    def test_a_skill_is_renamed_and_taken_away(self, manager: Door, jonas: Agent) -> None:
        made = manager.post("skills/", {"name": "french"})
        assert manager.ask("post", "skills/", {"name": "FRENCH"})[0] == 409
        assert (
            manager.ask("patch", f"skills/{made['id']}/", {"name": "German"})[1]["name"] == "german"
        )
        assert Door(jonas).ask("delete", f"skills/{made['id']}/")[0] == 403
        assert manager.ask("delete", f"skills/{made['id']}/")[0] == 204
        assert Door(jonas).get("skills/") == []

    def test_codes_have_one_default(self, manager: Door, jonas: Agent) -> None:
        queue = make.queue()
        manager.post("wrap-up-codes/", {"code": "done", "name": "Done", "is_default": True})
        words = {
            "code": "refund",
            "name": "Refund",
            "queues": [str(queue.uuid)],
            "is_default": True,
        }
        manager.post("wrap-up-codes/", words)

        codes = {code["code"]: code for code in Door(jonas).get("wrap-up-codes/")}
        assert [code for code, row in codes.items() if row["is_default"]] == ["refund"]
        assert codes["refund"]["queues"] == [str(queue.uuid)]
        status, off = manager.ask(
            "patch", "wrap-up-codes/refund/", {"is_active": False, "queues": []}
        )
        assert (status, off["is_active"], off["queues"]) == (200, False, [])
        assert manager.ask("post", "wrap-up-codes/", words)[0] == 409
        assert manager.ask("post", "wrap-up-codes/", {"code": "a b", "name": "x"})[0] == 400
        assert manager.ask("delete", "wrap-up-codes/done/")[0] == 204
        assert manager.ask("delete", "wrap-up-codes/done/")[0] == 404
        assert Door(jonas).ask("post", "wrap-up-codes/", words)[0] == 403

    def test_away_reasons(self, manager: Door, jonas: Agent) -> None:
        made = manager.post("away-reasons/", {"name": "Stocktaking", "is_work": True})
        path = f"away-reasons/{made['id']}/"
        assert made["status"] == "away"
        assert manager.ask("patch", path, {"is_active": False})[1]["is_active"] is False
        assert manager.ask("post", "away-reasons/", {"name": "Stocktaking"})[0] == 409
        assert manager.ask("patch", path, {"status": "asleep"})[0] == 400
        assert Door(jonas).ask("delete", path)[0] == 403
        assert manager.ask("delete", path)[0] == 204


class TestSchedules:
    def test_written_whole(self, manager: Door, jonas: Agent) -> None:
        made = manager.post("schedules/", WEEK)
        path = f"schedules/{made['id']}/"

        assert [one["opens"] for one in made["hours"]] == ["09:00:00", "13:00:00"]
        assert made["holidays"][0] == {
            "day": "2026-12-25", "name": "Christmas", "opens": None, "closes": None,
        }  # fmt: skip
        assert isinstance(made["is_open"], bool)
        always = [{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(7)]
        status, changed = manager.ask("put", path, WEEK | {"hours": always, "holidays": []})
        assert (status, changed["is_open"], len(changed["hours"])) == (200, True, 7)
        assert changed["holidays"] == []
        assert Door(jonas).get(path)["name"] == "Shop"
        assert Door(jonas).ask("put", path, WEEK)[0] == 403
        assert manager.ask("delete", path)[0] == 204

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
            ({"hours": [{"weekday": 7, "opens": "09:00", "closes": "10:00"}]}, "hours"),
            ({"hours": [WEEK["hours"][0], WEEK["hours"][0]]}, "hours"),
            ({"hours": "always"}, "hours"),
            ({"holidays": [{"day": "2026-12-25", "opens": "09:00"}]}, "holidays"),
            ({"holidays": [{"day": "someday"}]}, "holidays"),
            ({"name": " "}, "name"),
        ],
    )
    def test_what_is_wrong_is_said(self, manager: Door, change: dict[str, Any], field: str) -> None:
        made = manager.post("schedules/", WEEK | {"name": "Kept"})

        assert refused(manager, "post", "schedules/", WEEK | change, field)
        assert refused(manager, "put", f"schedules/{made['id']}/", WEEK | change, field)
        assert Schedule.objects.get().opening_hours.count() == 2


class TestQueuesAndTeams:
    def test_a_queue_from_its_first_to_its_last_day(self, manager: Door, jonas: Agent) -> None:
        inbox = make.inbox()
        team = manager.post("teams/", {"name": "Workshop", "members": [str(jonas.uuid)]})
        made = manager.post(
            "queues/",
            {"name": "Repairs", "inboxes": [inbox.key], "members": [str(jonas.uuid)], "team": team["id"],
             "offer_seconds": 30},
        )  # fmt: skip
        path = f"queues/{made['id']}/"

        assert made["members"] == [{"id": str(jonas.uuid), "name": "Jonas"}]
        assert (made["inboxes"], made["team"]["name"], made["offer_seconds"]) == (
            [inbox.key], "Workshop", 30,
        )  # fmt: skip
        status, changed = manager.ask(
            "patch", path, {"members": [], "target_seconds": 90, "team": None}
        )
        assert (status, changed["members"], changed["target_seconds"], changed["team"]) == (
            200, [], 90, None,
        )  # fmt: skip
        assert changed["inboxes"] == [inbox.key]
        assert manager.get(path) == changed
        assert (
            manager.ask("delete", path)[0] == 403
        )  # managers change queues, admins take them away
        admin = Door(make.agent(role="admin"))
        assert admin.ask("delete", path)[0] == 204

    def test_there_is_always_one_default(self, manager: Door) -> None:
        old = make.queue(is_default=True)
        new = manager.post("queues/", {"name": "New", "is_default": True})

        assert Queue.objects.get(is_default=True).name == "New"
        assert refused(
            manager, "patch", f"queues/{new['id']}/", {"is_default": False}, "is_default"
        )
        admin = Door(make.agent(role="admin"))
        assert admin.ask("delete", f"queues/{new['id']}/")[0] == 409
        make.waiting_conversation(queue=old)
        assert admin.ask("delete", f"queues/{old.uuid}/")[0] == 409

    def test_what_is_wrong_is_said(self, manager: Door) -> None:
        make.queue(name="Here")
        assert manager.ask("post", "queues/", {"name": "Here"})[0] == 409
        for words, field in (
            ({"name": ""}, "name"),
            ({"name": "x", "offer_seconds": 1}, "offer_seconds"),
            ({"name": "x", "members": [str(uuid4())]}, "members"),
            ({"name": "x", "inboxes": ["nowhere"]}, "inboxes"),
            ({"name": "x", "team": str(uuid4())}, "team"),
        ):
            assert refused(manager, "post", "queues/", words, field)
        assert Queue.objects.count() == 1

    def test_teams(self, manager: Door, jonas: Agent) -> None:
        team = manager.post("teams/", {"name": "Night"})
        path = f"teams/{team['id']}/"
        members = {"members": [str(jonas.uuid)]}
        assert manager.ask("patch", path, members)[1]["members"][0]["name"] == "Jonas"
        assert Door(jonas).get("teams/") == [{"id": team["id"], "name": "Night"}]
        assert manager.ask("post", "teams/", {"name": "Night"})[0] == 409
        for method in ("get", "patch", "delete"):
            assert Door(jonas).ask(method, path, {})[0] == 403
        assert manager.ask("delete", path)[0] == 204

    def test_agents_change_no_queue(self, jonas: Agent) -> None:
        queue, door = make.queue(), Door(jonas)
        assert door.ask("post", "queues/", {"name": "Mine"})[0] == 403
        for method in ("get", "patch", "delete"):
            assert door.ask(method, f"queues/{queue.uuid}/", {"name": "x"})[0] == 403
        assert door.ask("get", f"queues/{queue.uuid}/rules/")[0] == 403
