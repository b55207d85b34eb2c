"""Who is asked next: a table whose rows have names."""

from typing import Any

import pytest

from agents.routing import Candidate, choose, explain

pytestmark = pytest.mark.unit


def candidate(agent_id: int, **fields: Any) -> Candidate:
    usual: dict[str, Any] = {
        "agent_id": agent_id,
        "name": f"A{agent_id}",
        "holding": 0,
        "capacity": 2,
        "idle_seconds": 0,
    }
    return Candidate(**(usual | fields))


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        pytest.param([], None, id="nobody is here"),
        pytest.param([candidate(1, holding=2)], None, id="everybody is full"),
        pytest.param([candidate(1, holding=1), candidate(2)], 2, id="the least busy"),
        pytest.param(
            [candidate(1, holding=2, capacity=10), candidate(2, holding=1)],
            1,
            id="busy is a share of what one can hold",
        ),
        pytest.param(
            [candidate(1, idle_seconds=5), candidate(2, idle_seconds=9)], 2, id="most idle"
        ),
        pytest.param(
            [candidate(1, speaks=False), candidate(2, holding=1)], 2, id="who speaks the language"
        ),
        pytest.param([candidate(1, speaks=False)], 1, id="better another language than nobody"),
        pytest.param(
            [candidate(1, refused=True), candidate(2, holding=1)], 2, id="not who declined"
        ),
        pytest.param([candidate(1, refused=True)], 1, id="who declined, if nobody else is free"),
        pytest.param([candidate(2), candidate(1)], 1, id="a total order"),
    ],
)
def test_choose(candidates: list[Candidate], chosen: int | None) -> None:
    best = choose(candidates)

    assert (best.agent_id if best else None) == chosen


def test_explain_names_everybody_who_could_have_been_asked() -> None:
    both = [candidate(1, holding=1), candidate(2)]

    why = explain(both, both[1])

    assert why["chosen"] == "A2"
    assert [c["name"] for c in why["candidates"]] == ["A1", "A2"]
