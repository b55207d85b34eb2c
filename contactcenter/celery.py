"""The workers; every periodic task is in this one list."""

import os
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_prerun, worker_ready
from django.conf import settings

from contactcenter.pulse import give_pulse
from contactcenter.warm import warm_up
from conversations import trace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")

app = Celery("contactcenter")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # A dead Valkey must be noticed, not waited for: the sweeper repairs what was lost.
    broker_transport_options={
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "visibility_timeout": 300,
        "max_retries": 1,
        "interval_start": 0.1,  # before that one retry; the library's own is two seconds
    },
    task_publish_retry=False,
    task_ignore_result=True,
    task_default_queue="default",
    task_routes={
        "bots.answer": {"queue": "model"},
        # The same worker may take both: it indexes in one thread, whatever waits in that queue.
        "bots.index_article": {"queue": "index"},
        "bots.index_stale": {"queue": "index"},
        "bots.rerun": {"queue": "index"},
        "bots.look_at_openings": {"queue": "index"},
        "bots.replay": {"queue": "index"},
        "bots.learn": {"queue": "index"},
        "bots.refit": {"queue": "index"},
        "bots.train": {"queue": "index"},
        "bots.shadow": {"queue": "index"},
        "bots.feel": {"queue": "index"},
        "assist.help": {"queue": "index"},
        "assist.remember": {"queue": "index"},
        "assist.read_files": {"queue": "index"},
        "assist.teach": {"queue": "index"},
        "quality.score": {"queue": "index"},
        "topics.sort": {"queue": "index"},
        "recommendations.train": {"queue": "index"},
        "callbacks.learn": {"queue": "index"},
        "satisfaction.learn": {"queue": "index"},
    },
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_disable_rate_limits=True,
    timezone="UTC",
    beat_scheduler="contactcenter.clock:DueScheduler",
    beat_schedule={
        "sweep": {"task": "agents.sweep", "schedule": 3.0, "options": {"expires": 6}},
        "attention": {
            "task": "agents.tidy_attention",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "satisfaction_fits": {
            "task": "satisfaction.learn",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "forecasts": {
            "task": "satisfaction.forecast",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "surveys": {"task": "surveys.letters", "schedule": 60.0, "options": {"expires": 60}},
        "waits": {"task": "agents.rules.waits", "schedule": 1.0, "options": {"expires": 2}},
        "words": {"task": "agents.index", "schedule": 3.0, "options": {"expires": 6}},
        "traces": {
            "task": "bots.forget_old_turns",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "searches": {
            "task": "bots.forget_searches",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "imports": {"task": "bots.tidy_imports", "schedule": 30.0, "options": {"expires": 30}},
        "index": {"task": "bots.index_stale", "schedule": 20.0, "options": {"expires": 20}},
        "replays": {"task": "bots.replay", "schedule": 20.0, "options": {"expires": 20}},
        "shadow": {"task": "bots.shadow", "schedule": 20.0, "options": {"expires": 20}},
        "feelings": {"task": "bots.feel", "schedule": 2.0, "options": {"expires": 2}},
        "learning": {"task": "bots.learn", "schedule": 30.0, "options": {"expires": 30}},
        "trainings": {"task": "bots.train", "schedule": 15.0, "options": {"expires": 15}},
        "refits": {"task": "bots.refit", "schedule": 600.0, "options": {"expires": 600}},
        "calls": {"task": "callbacks.tend", "schedule": 2.0, "options": {"expires": 4}},
        "call_offers": {"task": "callbacks.offer", "schedule": 5.0, "options": {"expires": 5}},
        "call_times": {"task": "callbacks.place", "schedule": 20.0, "options": {"expires": 20}},
        "call_learning": {
            "task": "callbacks.learn",
            "schedule": 900.0,
            "options": {"expires": 900},
        },
        "help": {"task": "assist.help", "schedule": 20.0, "options": {"expires": 20}},
        "memory": {"task": "assist.remember", "schedule": 5.0, "options": {"expires": 5}},
        "files": {"task": "assist.read_files", "schedule": 5.0, "options": {"expires": 5}},
        "edits": {"task": "assist.teach", "schedule": 120.0, "options": {"expires": 120}},
        "agreement": {
            "task": "quality.measure",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "topics": {"task": "topics.sort", "schedule": 60.0, "options": {"expires": 60}},
        "quality": {"task": "quality.score", "schedule": 20.0, "options": {"expires": 20}},
        "business": {
            "task": "recommendations.gather",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "shown": {"task": "recommendations.settle", "schedule": 60.0, "options": {"expires": 60}},
        "recommender": {
            "task": "recommendations.train",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "help_words": {"task": "assist.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    },
)
app.autodiscover_tasks()
give_pulse(app)
worker_ready.connect(warm_up)


@setup_logging.connect
def _leave_logging_to_django(**_: Any) -> None:
    """Celery would set up its own lines; ours come from settings.LOGGING."""
    from logging.config import dictConfig

    dictConfig(settings.LOGGING)


@before_task_publish.connect
def _say_why(headers: dict[str, Any], **_: Any) -> None:
    """A task goes on under the cause of who queued it."""
    if cause := trace.trace.get():
        headers.setdefault("cause", cause)


@task_prerun.connect
def _know_why(task: Any, **_: Any) -> None:
    trace.begin(task.request.get("cause") or "")
