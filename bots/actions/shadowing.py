"""An adapter that is tried: what it would have said in real turns, kept and compared, heard by nobody."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from bots.actions.rerun import proposal_of, read_again
from bots.actions.serving import candidate
from bots.actions.turn import vault_of
from bots.actions.write import Written, turns_read, write_answer
from bots.language.model import LanguageModel, ModelUnavailable
from bots.models import Adapter, BotTrace, ShadowAnswer
from bots.reads.adapters import Known, known
from conversations.errors import NotFound

logger = logging.getLogger(__name__)

_MARK = re.compile(r"\[\d+\]")
WINDOW = 500  # newest turns that are looked at
AT_ONCE = 20  # turns


def run_new(
    *,
    live: Callable[[], LanguageModel | None],
    clock: Callable[[], datetime],
    make: Callable[[str], LanguageModel] = candidate,
) -> int:
    """Writes for turns that were taken since it is tried, the newest first, as long as no customer waits
    for the live one; answers how many."""
    adapter = known(Adapter.State.SHADOW)
    turns = _turns(adapter) if adapter else []
    connection.close()
    if adapter is None or not turns or _is_busy(live()):
        return 0
    try:
        model = make(adapter.digest)
    except (ModelUnavailable, NotFound, OSError) as problem:
        code = str(getattr(problem, "code", "failed"))
        Adapter.objects.filter(pk=adapter.pk).update(trouble=code[:24])
        logger.warning("No adapter to try: %s (%s)", problem, code)
        return 0
    done = 0
    try:
        for turn in turns:
            if _is_busy(live()):
                break
            done += _try(adapter, turn, model, at=clock())
    finally:
        model.close()
    return done


def _is_busy(model: LanguageModel | None) -> bool:
    if model is None:
        return False
    load = model.load()
    return bool(load.running or load.waiting)


def _turns(adapter: Known) -> list[BotTrace]:
    """Those in which a model was asked to write; the same turns for the same adapter."""
    since = Adapter.objects.values_list("since", flat=True).get(pk=adapter.pk)
    seen = ShadowAnswer.objects.filter(adapter=adapter.pk).values("turn")
    rows = BotTrace.objects.filter(at__gte=since, outcome=BotTrace.Outcome.ANSWER)
    found = rows.exclude(pk__in=seen).order_by("-at")[:WINDOW]
    return [one for one in found if _is_drawn(one, adapter) and _write_seconds(one.data)][:AT_ONCE]


def _is_drawn(turn: BotTrace, adapter: Known) -> bool:
    return turn.uuid.int % 10_000 < adapter.share * 10_000


def _write_seconds(data: dict[str, Any]) -> float:
    """What the model took in the turn; 0 when it was not asked."""
    stages = [one for one in data.get("stages", []) if one["name"] == "write"]
    return float(sum(one["seconds"] for one in stages)) or (1e-4 if stages else 0.0)


def _try(adapter: Known, turn: BotTrace, model: LanguageModel, *, at: datetime) -> int:
    proposal = proposal_of(turn.data)
    if proposal is None:
        return 0
    try:
        read, vault = read_again(turn), vault_of(turn.conversation_id)
    finally:
        connection.close()
    begun = time.perf_counter()
    written: Written | None = write_answer(
        proposal,
        turns_read(read.question, read.history, read.before),
        model=lambda: model,
        vault=vault,
    )
    seconds = time.perf_counter() - begun
    data, by_model = turn.data, turn.by == "model"
    ShadowAnswer.objects.bulk_create(
        [
            ShadowAnswer(
                adapter_id=adapter.pk,
                turn=turn,
                at=at,
                text=vault.covered(written.text) if written else "",
                kept=len(_MARK.findall(written.text)) if written else 0,
                dropped=len(written.dropped) if written else 0,
                seconds=round(seconds, 3),
                live_text=data.get("answer", "") if by_model else "",
                live_kept=len(data.get("claims", ())) if by_model else 0,
                live_dropped=len(data.get("dropped", ())) if by_model else 0,
                live_seconds=round(_write_seconds(data), 3),
            )
        ],
        ignore_conflicts=True,
    )
    connection.close()
    return 1
