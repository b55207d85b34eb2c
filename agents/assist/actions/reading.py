"""What customers send as a picture or a voice note, in words: read off the way of every request, by one
thread of the model's worker, and always marked as a machine's."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from agents.actions.search_index import index_messages
from bots.language import ocr
from bots.language.hearing import Hearing
from bots.language.model import ModelUnavailable
from conversations import live
from conversations.live import Push, thread_room
from conversations.models import Message, Upload
from conversations.words import clean_text

logger = logging.getLogger(__name__)

FRESH = timedelta(days=1)  # older files are left: nobody waits for them
LONGEST = 4_000  # characters that are kept
_AT_ONCE = 10
_PATIENCE = 180.0  # seconds for one picture, which computes for one: the machine may be busy
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Read:
    """`text` empty: there is nothing to read in it."""

    text: str
    by: str


def read_new(*, hearing: Hearing | None, clock: Callable[[], datetime]) -> int:
    """Answers how many files were looked at. A file that cannot be read three times is left."""
    kinds = [*(["image/"] if settings.READ_PICTURES and ocr.is_here() else [])]
    kinds += ["audio/"] if hearing is not None else []
    done = 0
    for kind in kinds:
        only = hearing.language if hearing is not None and kind == "audio/" else ""
        for upload in _waiting(kind, only, at=clock()):
            _look(upload, hearing, at=clock())
            done += 1
    return done


def _waiting(kind: str, only: str, *, at: datetime) -> list[Upload]:
    """`only`: of conversations in this language, since whoever listens knows no other."""
    rows = Upload.objects.filter(
        by_customer=True, read_state="", read_tries__lt=_TRIES, created_at__gt=at - FRESH,
        content_type__startswith=kind, conversation__language__istartswith=only,
    )  # fmt: skip
    return list(rows.order_by("-pk")[:_AT_ONCE])


def _look(upload: Upload, hearing: Hearing | None, *, at: datetime) -> None:
    """The try is counted before: a file that takes the whole machine with it is not tried for ever."""
    Upload.objects.filter(pk=upload.pk).update(read_tries=upload.read_tries + 1)
    path = settings.MEDIA_ROOT / upload.file
    try:
        if upload.content_type.startswith("image/"):
            found = _seen(path)
        else:
            assert hearing is not None
            found = Read(hearing.hear(path, upload.content_type), hearing.name)
    except (OSError, ValueError, KeyError, subprocess.SubprocessError, ModelUnavailable) as error:
        logger.warning(
            "A file was not read", extra={"upload": upload.pk, "error": type(error).__name__}
        )
        if upload.read_tries + 1 >= _TRIES or isinstance(error, FileNotFoundError):
            Upload.objects.filter(pk=upload.pk).update(read_state=Upload.Read.FAILED)
        return
    _keep(upload, found, at=at)


def _seen(path: Path) -> Read:
    """By a process of its own that knows nothing of ours: no database, no keys."""
    run = subprocess.run(  # noqa: S603 -- our own module, and a path that we chose
        [sys.executable, "-m", "bots.language.reading", str(path)],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        timeout=_PATIENCE,
        check=True,
    )
    told = json.loads(run.stdout)
    return Read("\n".join(str(text) for text, _ in told["lines"]), str(told["by"]))


@transaction.atomic
def _keep(upload: Upload, found: Read, *, at: datetime) -> None:
    text = clean_text(found.text)[:LONGEST]
    kept = Upload.objects.filter(pk=upload.pk, read_state="").update(
        read_state=Upload.Read.DONE if text else Upload.Read.NOTHING,
        read_text=text,
        read_by=found.by[:100],
        read_at=at,
    )
    if not kept or not text:
        return
    said = Message.objects.filter(
        conversation=upload.conversation_id, attachments__contains=[{"id": str(upload.uuid)}]
    )
    index_messages(list(said.values_list("pk", "text")))
    frame = {
        "type": "file_read",
        "conversation": str(upload.conversation.uuid),
        "upload": str(upload.uuid),
        "text": text,
        "by": found.by,
    }
    live.announce_on_commit([Push((thread_room(upload.conversation_id),), frame)])
