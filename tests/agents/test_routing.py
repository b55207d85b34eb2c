"""Who is asked next: tables whose rows have names."""

from typing import Any

import pytest

from agents.rules.candidates import Candidate, Work, step_at
from agents.rules.registry import Rules
from agents.rules.routing import decide
from agents.rules.shapes import Language, Need, SkillStep, Sticky

pytestmark = pytest.mark.unit

BUSY = {"load": 2.0, "open": 2}


def candidate(agent_id: int, **fields: Any) -> Candidate:
    usual: dict[str, Any] = {"agent_id": agent_id, "name": f"A{agent_id}", "capacity": 2}
    return Candidate(**(usual | fields))


def work(**fields: Any) -> Work:
    usual: dict[str, Any] = {"conversation_id": 1, "key": "k", "language": "en"}
    return Work(**(usual | fields))


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        pytest.param([], None, id="nobody is here"),
        pytest.param([candidate(1, **BUSY)], None, id="everybody is full"),
        pytest.param([candidate(1, load=1.0), candidate(2)], 2, id="the least busy"),
        pytest.param(
            [candidate(1, load=2.0, capacity=10), candidate(2, load=1.0)],
            1,
            id="busy is a share of what one can hold",
        ),
        pytest.param([candidate(1, open=9, open_limit=9), candidate(2, load=1.0)], 2, id="too many open"),
        pytest.param(
            [candidate(1, held={"web": 1}, limits={"web": 1}), candidate(2, load=1.0)],
            2,
            id="the channel is full",
        ),
        pytest.param(
            [candidate(1, recent=3, most_recent=3), candidate(2, load=1.0)], 2, id="had their share"
        ),
        pytest.param(
            [candidate(1, idle_seconds=5), candidate(2, idle_seconds=9)], 2, id="most idle"
        ),
        pytest.param(
            [candidate(1, languages=frozenset({"zh"})), candidate(2, load=1.0)],
            2,
            id="who speaks the language",
        ),
        pytest.param(
            [candidate(1, languages=frozenset({"zh"}))], 1, id="better another language than nobody"
        ),
        pytest.param([candidate(2), candidate(1)], 1, id="a total order"),
    ],
)  # fmt: skip
def test_the_usual_order(candidates: list[Candidate], chosen: int | None) -> None:
    best = decide(work(), candidates, Rules()).chosen

    assert (best.agent_id if best else None) == chosen


@pytest.mark.parametrize(
    ("criteria", "chosen"),
    [
        (("round_robin",), 1),
        (("longest_idle",), 2),
        (("least_loaded",), 3),
        (("skill", "round_robin"), 2),
    ],
)
def test_the_rule_says_what_sets_candidates_apart(criteria: tuple[str, ...], chosen: int) -> None:
    wanted = (SkillStep(any=(Need("tents", 1),)),)
    candidates = [
        candidate(1, since_offer=9, load=1.0, skills={"tents": 1}),
        candidate(2, idle_seconds=9, load=0.5, skills={"tents": 5}),
        candidate(3, skills={"tents": 2}),
    ]

    best = decide(work(), candidates, Rules(choose=criteria, skills=wanted)).chosen

    assert best is not None
    assert best.agent_id == chosen


def test_who_declined_is_asked_again_only_if_nobody_else_can_be() -> None:
    asked = work(refused=frozenset({1}))

    other = decide(asked, [candidate(1), candidate(2, load=1.0)], Rules())
    alone = decide(asked, [candidate(1), candidate(2, **BUSY)], Rules())

    assert other.chosen is not None
    assert other.chosen.agent_id == 2
    assert other.why["filtered"] == {"declined": 1}
    assert alone.chosen is not None
    assert alone.chosen.agent_id == 1


STEPS = (
    SkillStep(all=(Need("french", 4), Need("billing", 3)), seconds=30),
    SkillStep(all=(Need("french", 2),), seconds=30),
    SkillStep(any=(Need("french", 1), Need("billing", 1)), seconds=60),
)


@pytest.mark.parametrize(
    ("waited", "eligible"),
    [(0, ["expert"]), (29.9, ["expert"]), (30, ["expert", "fair"]), (60, ["expert", "fair", "clerk"]),
     (120, ["expert", "fair", "clerk", "anybody"])],
)  # fmt: skip
def test_skills_are_asked_for_in_steps_that_relax(waited: float, eligible: list[str]) -> None:
    people = [
        candidate(1, name="expert", skills={"french": 5, "billing": 3}),
        candidate(2, name="fair", skills={"french": 2}),
        candidate(3, name="clerk", skills={"billing": 1}),
        candidate(4, name="anybody"),
    ]

    decision = decide(work(waited=waited), people, Rules(skills=STEPS))

    assert [c["name"] for c in decision.why["candidates"] if not c["blocked"]] == eligible


def test_the_last_step_may_have_no_end() -> None:
    assert step_at((SkillStep(all=(Need("x"),)),), 1e9).all == (Need("x"),)
    assert step_at((), 0) == SkillStep()


def test_a_required_language_relaxes_too() -> None:
    rules = Rules(language=Language(required=True, relax_after=60))
    people = [candidate(1, languages=frozenset({"zh"}))]

    assert decide(work(waited=59), people, rules).chosen is None
    assert decide(work(waited=60), people, rules).chosen is not None
    assert decide(work(), [], Rules()).why["eligible"] == 0


def test_customers_go_back_to_who_served_them_and_wait_a_while_for_them() -> None:
    rules = Rules(sticky=Sticky(days=30, wait_seconds=60))
    people = [candidate(1), candidate(2, load=1.0), candidate(3, **BUSY)]

    mine = decide(work(last_agent=2), people, rules)
    waits = decide(work(last_agent=3, waited=10), people, rules)
    gave_up = decide(work(last_agent=3, waited=60), people, rules)
    gone = decide(work(last_agent=9), people, rules)
    not_sticky = decide(work(last_agent=2), people, Rules())

    assert mine.chosen is not None
    assert mine.chosen.agent_id == 2
    assert mine.why["preferred"] == "sticky"
    assert waits.chosen is None
    assert waits.why["filtered"] == {"sticky": 2, "no_room": 1}
    assert gave_up.chosen is not None
    assert gave_up.chosen.agent_id == 1
    assert gone.chosen is not None
    assert gone.chosen.agent_id == 1
    assert not_sticky.chosen is not None
    assert not_sticky.chosen.agent_id == 1


def test_a_manager_comes_before_the_last_agent_and_a_program_before_both() -> None:
    people = [candidate(1), candidate(2), candidate(3), candidate(4)]
    rules = Rules(sticky=Sticky(days=1))
    asked = work(last_agent=2, owner=3, hinted=4)

    assert decide(asked, people, rules).why["preferred"] == "hint"
    assert decide(work(last_agent=2, owner=3), people, rules).why["preferred"] == "manager"


def test_the_explanation_names_who_could_who_could_not_and_how_likely_it_was() -> None:
    people = [candidate(1, load=1.0), candidate(2), candidate(3, **BUSY)]

    decision = decide(work(waited=12.4), people, Rules())

    assert decision.why["chosen"] == "A2"
    assert decision.why["runner_up"] == "A1"
    assert decision.why["propensity"] == 1.0
    assert decision.why["waited_seconds"] == 12
    assert (decision.why["online"], decision.why["eligible"]) == (3, 2)
    assert [(c["name"], c["blocked"]) for c in decision.why["candidates"]] == [
        ("A2", ""), ("A1", ""), ("A3", "no_room"),
    ]  # fmt: skip


def test_exploring_is_as_frequent_as_the_rule_says_and_its_propensity_is_true() -> None:
    people = [candidate(n) for n in range(1, 5)]
    rules = Rules(explore=0.4)
    decisions = [decide(work(key=f"k{n}"), people, rules) for n in range(4000)]

    first = [d for d in decisions if d.chosen is people[0]]

    assert {d.propensity for d in first} == {0.7}
    assert {d.propensity for d in decisions if d.chosen is not people[0]} == {0.1}
    assert abs(len(first) / len(decisions) - 0.7) < 0.03
    assert decide(work(key="k7"), people, rules) == decisions[7]
