"""A worker's heartbeat: it beats only while the worker really consumes from the broker."""

from typing import Any

from celery import Celery, bootsteps

from conversations import heartbeat


class Pulse(bootsteps.StartStopStep):
    """Started with each connection to the broker, stopped when that is lost."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        self._timer: Any = None
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        queues = list(parent.app.amqp.queues.consume_from)
        heartbeat.beat(queues)
        self._timer = parent.timer.call_repeatedly(
            heartbeat.BEAT_SECONDS, heartbeat.beat, (queues,)
        )

    def stop(self, parent: Any) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    shutdown = stop


def give_pulse(app: Celery) -> None:
    app.steps["consumer"].add(Pulse)
