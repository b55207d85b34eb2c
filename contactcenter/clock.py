"""Beat, with a clock beside its list: what is due at a moment is woken at that moment.

The moments are columns with an index (`agents.actions.sweep.next_due`). Beat looks at the nearest one
at least once a second and sleeps until exactly then; the sweep finds whatever this misses.
"""

import logging
import time
from collections import defaultdict
from datetime import timedelta
from typing import Any

from celery.beat import Scheduler
from django.db import InterfaceError, OperationalError, close_old_connections

logger = logging.getLogger(__name__)

LOOK = 1.0  # seconds: something may have become due sooner meanwhile


class DueScheduler(Scheduler):
    """The usual periodic tasks, and `agents.due` whenever something is."""

    _asked_for = 0.0  # the moment whose task was sent

    def setup_schedule(self) -> None:
        """Those of one rhythm begin one after another: all at once, a dozen tasks of a minute would each minute
        take the machine from whoever is being answered."""
        super().setup_schedule()
        listed: dict[str, Any] = self.schedule
        rhythms: dict[timedelta, list[Any]] = defaultdict(list)
        for name in sorted(listed):
            rhythms[listed[name].schedule.run_every].append(listed[name])
        for every, entries in rhythms.items():
            for place, entry in enumerate(entries):
                entry.last_run_at -= every * place / len(entries)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        usual: float = super().tick(*args, **kwargs)
        return max(0.01, min(usual, self._until_due(), LOOK))

    def _until_due(self) -> float:
        """Seconds until the next look; sends the task if something is due now."""
        from agents.actions.sweep import next_due
        from agents.tasks import due
        from conversations.later import queue_task

        try:
            close_old_connections()
            moment = next_due()
        except (InterfaceError, OperationalError) as error:
            logger.warning("The clock can't read", extra={"error": type(error).__name__})
            return LOOK
        if moment is None:
            return LOOK
        seconds = moment.timestamp() - time.time()
        if seconds > 0:
            return seconds
        if moment.timestamp() != self._asked_for:
            # Once for each moment: what could not be done is the sweep's, not this loop's.
            self._asked_for = moment.timestamp()
            queue_task(due)
        return LOOK / 4
