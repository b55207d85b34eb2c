"""New words from files go live as an editor's do: past questions first. For whoever runs a command."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bots.actions import gate
from bots.actions.replay import run_next
from bots.knowledge.vectors import Encoders
from bots.models import Article, Replay

_LOOK = 0.2  # seconds between two looks at a replay that another process has taken
_PATIENCE = (
    300.0  # seconds without any progress of it; one whose process died is taken over long before
)


@dataclass(frozen=True)
class HeldBack:
    """Its draft waits, because so many past questions would be answered worse."""

    id: str
    worse: int
    replay: str


def publish_all(
    articles: Sequence[UUID],
    *,
    encoders: Encoders,
    clock: Callable[[], datetime],
    override: str = "",
    progress: Callable[[int], None],
) -> Iterator[HeldBack]:
    """Replays their drafts one after another in this process, and publishes what nothing loses by.

    What gets worse stays a draft and is told; with a reason to `override` it is published all the
    same, and the reason is kept with its replay.
    """
    for key in articles:
        way = gate.publish(article=key, by_id=None, at=clock())
        if way.replay is not None and not way.is_live:
            done = _finished(way.replay, encoders=encoders, clock=clock)
            if done is not None and override and done.state in {"worse", "failed"}:
                gate.override(replay=done.uuid, reason=override, by_id=None, may=True, at=clock())
            elif done is not None and done.state != Replay.State.PASSED:
                known = Article.objects.get(uuid=key)
                yield HeldBack(known.external_id or str(key), done.regressions, str(done.uuid))
        progress(1)


def _finished(
    replay: Replay, *, encoders: Encoders, clock: Callable[[], datetime]
) -> Replay | None:
    """Runs it here unless a worker has taken it, and then waits as long as that gets on; None: somebody has
    changed the article meanwhile. Of a worker that hangs the replay is given back unfinished."""
    seen, until = -1, 0.0
    while True:
        found = Replay.objects.filter(pk=replay.pk).first()
        if found is None or found.is_over:
            break
        if found.done != seen:
            seen, until = found.done, time.monotonic() + _PATIENCE
        elif time.monotonic() > until:
            break
        ran = run_next(encoders=encoders, clock=clock)
        if ran is None:
            time.sleep(_LOOK)
        else:
            gate.conclude(ran, at=clock())
    if found is not None:
        gate.conclude(found, at=clock())
    return found
