"""Deciding about many in one round is deciding about each: nobody is looked at twice, nothing differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.candidates import Candidate, Work
from agents.rules.registry import CRITERIA, Rules
from agents.rules.routing import MENTIONED, Round, decide
from agents.rules.shapes import Language, Need, SkillStep, Sticky

pytestmark = pytest.mark.unit

PEOPLE = 6
skills = st.dictionaries(st.sampled_from(["boats", "tents"]), st.integers(1, 5))
somebody = st.none() | st.integers(1, PEOPLE + 1)


def candidates(agent_id: int) -> st.SearchStrategy[Candidate]:
    return st.builds(
        Candidate,
        agent_id=st.just(agent_id),
        name=st.just(f"A{agent_id}"),
        capacity=st.integers(1, 3),
        load=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
        open=st.integers(0, 3),
        open_limit=st.integers(2, 4),
        limits=st.sampled_from([{}, {"web": 1}]),
        idle_seconds=st.sampled_from([0.0, 5.0, 9.5]),
        since_offer=st.sampled_from([0.0, 3.0, 7.0]),
        languages=st.sampled_from([frozenset(), frozenset({"en"}), frozenset({"zh"})]),
        skills=skills,
        recent=st.integers(0, 2),
        most_recent=st.sampled_from([None, 2, 3]),
    )


people = st.integers(0, PEOPLE).flatmap(
    lambda many: st.tuples(*(candidates(n) for n in range(1, many + 1)))
)
works = st.builds(
    Work,
    conversation_id=st.just(1),
    key=st.text(max_size=3),
    language=st.sampled_from(["en", "zh"]),
    channel=st.sampled_from(["web", "email"]),
    weight=st.sampled_from([0.5, 1.0]),
    waited=st.sampled_from([0.0, 40.0, 100.0]),
    needs=st.sampled_from([(), (Need("tents", 2),)]),
    refused=st.frozensets(st.integers(1, PEOPLE), max_size=2),
    last_agent=somebody,
    owner=somebody,
    hinted=somebody,
)
rules = st.builds(
    Rules,
    choose=st.permutations(CRITERIA).map(tuple),
    language=st.sampled_from([Language(), Language(required=True, relax_after=30)]),
    skills=st.sampled_from(
        [(), (SkillStep(all=(Need("tents", 2),), seconds=30), SkillStep(any=(Need("boats"),)))]
    ),
    sticky=st.sampled_from([None, Sticky(days=1), Sticky(days=1, wait_seconds=50)]),
    explore=st.sampled_from([0.0, 0.4]),
)


@given(people, st.lists(works, max_size=8), rules)
def test_each_decision_is_the_one_alone(
    people: tuple[Candidate, ...], works: list[Work], rules: Rules
) -> None:
    together, now = Round(people, rules), {c.agent_id: c for c in people}

    for work in works:
        decision = together.decide(work)

        assert decision == decide(work, list(now.values()), rules)
        if decision.chosen is not None:
            together.take(work, decision.chosen.agent_id)
            now[decision.chosen.agent_id] = decision.chosen.with_one_more(work)


def test_who_fills_up_is_passed_by_and_the_reason_is_counted() -> None:
    work = Work(conversation_id=1, key="k", language="en")
    together = Round([Candidate(1, "A1", 1), Candidate(2, "A2", 2)], Rules())

    names = []
    while (chosen := (decision := together.decide(work)).chosen) is not None:
        names.append(chosen.name)
        together.take(work, chosen.agent_id)

    assert names == ["A1", "A2", "A2"]
    assert decision.why["filtered"] == {"no_room": 2}
    assert [(c["name"], c["blocked"], c["load"]) for c in decision.why["candidates"]] == [
        ("A1", "no_room", 1.0), ("A2", "no_room", 2.0),
    ]  # fmt: skip


def test_an_explanation_names_some_and_counts_all() -> None:
    crowd = [Candidate(n, f"A{n}", 1, load=float(n % 2)) for n in range(100)]

    why = decide(Work(conversation_id=1, key="k", language="en"), crowd, Rules()).why

    assert len(why["candidates"]) == MENTIONED
    assert (why["online"], why["eligible"], why["filtered"]) == (100, 50, {"no_room": 50})
