"""A customer's data as one ZIP: `data.json`, and the files that were sent."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings

from conversations.models import Upload

_IN_MEMORY = 4_000_000  # bytes; a larger one is written to the disk meanwhile


def archive_of(data: Mapping[str, Any]) -> IO[bytes]:
    """From the beginning, to be read and closed by whoever asked. A file that is not there any more is
    left out; its line in `data.json` stays."""
    whole: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- handed on
    try:
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
            words = json.dumps(data, ensure_ascii=False, indent=1)
            packed.writestr("data.json", words)
            for one in data["files"]:
                _pack(packed, one)
        whole.seek(0)
    except BaseException:
        whole.close()
        raise
    return whole


def _pack(packed: zipfile.ZipFile, file: Mapping[str, Any]) -> None:
    place = Upload.objects.filter(uuid=file["id"]).values_list("file", flat=True).first()
    full = settings.MEDIA_ROOT / place if place else None
    if full is not None and full.is_file():
        packed.write(full, file["path"])
