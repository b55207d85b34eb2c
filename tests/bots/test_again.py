"""A turn decided once more from what its trace keeps."""

from dataclasses import asdict
from typing import Any

import pytest

from bots.answering.again import Again, decided_again
from bots.answering.dialogue import Evidence

pytestmark = pytest.mark.unit


def request(*, chance: float, right: float = 0.9, rivals: int = 0) -> dict[str, Any]:
    found = Evidence(0.9, right, floor=0.4, sure=0.5, rivals=rivals, chance=chance)
    return {"evidence": asdict(found), "features": {}, "reason": "found"}


CLEAR = request(chance=0.8)


@pytest.mark.parametrize(
    ("other", "again"),
    [
        pytest.param(request(chance=0.7), Again("answer", "found", 0.7), id="all are clear"),
        pytest.param(
            request(chance=0.4, right=0.4, rivals=1),
            Again("clarify", "close_call", 0.4),
            id="one is asked back about",
        ),
        pytest.param(
            request(chance=0.2, right=0.2, rivals=1),
            Again("handoff", "part", 0.2),
            id="several come close to one, and none is about it",
        ),
        pytest.param(request(chance=0.1), Again("handoff", "part", 0.1), id="one has no answer"),
    ],
)
def test_several_requests(other: dict[str, Any], again: Again) -> None:
    assert decided_again({"requests": [CLEAR, other]}) == again
