"""Files that strangers send: recognised by their content, images drawn anew, served to be saved.

A file's address carries a signature, so that knowing an upload's id is not enough to read it.
"""

import io
import uuid
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare
from PIL import Image, ImageOps

from conversations.errors import BadWords, TooLong
from conversations.models import Upload
from conversations.words import clean_line

PIXEL_LIMIT = 40_000_000
_SIDE_LIMIT = 4096
_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


class NotThisKind(BadWords):
    code = "bad_upload"


@dataclass(frozen=True, slots=True)
class Recognised:
    content: bytes
    content_type: str
    width: int | None = None
    height: int | None = None


_SIGNS: list[tuple[str, Callable[[bytes], bool]]] = [
    ("application/pdf", lambda b: b.startswith(b"%PDF-")),
    ("audio/ogg", lambda b: b.startswith(b"OggS")),
    ("audio/webm", lambda b: b.startswith(b"\x1a\x45\xdf\xa3")),
    ("audio/wav", lambda b: b.startswith(b"RIFF") and b[8:12] == b"WAVE"),
    ("audio/mpeg", lambda b: b.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"))),
    ("audio/mp4", lambda b: b[4:8] == b"ftyp"),
]


def recognise(content: bytes) -> Recognised:
    """What this really is, whatever its name or sender says. Raises NotThisKind."""
    if not content:
        raise NotThisKind("The file is empty.")
    if _looks_like_image(content):
        return _redrawn(content)
    for content_type, matches in _SIGNS:
        if matches(content):
            return Recognised(content, content_type)
    if _is_plain_text(content):
        return Recognised(content, "text/plain")
    raise NotThisKind("Send a picture, a PDF, a text or a voice note.")


def keep(
    *, conversation_id: int, name: str, content: bytes, by_customer: bool, at: datetime
) -> Upload:
    """Stores a file of this conversation. Raises TooLong or NotThisKind."""
    if len(content) > settings.UPLOAD_MAX_BYTES:
        raise TooLong(f"At most {settings.UPLOAD_MAX_BYTES // 1_048_576} MB.")
    recognised = recognise(content)
    key = uuid.uuid4()
    path = Path(key.hex[:2]) / key.hex
    full = settings.MEDIA_ROOT / path
    full.parent.mkdir(parents=True, exist_ok=True)
    draft = full.with_suffix(".new")
    draft.write_bytes(recognised.content)
    draft.replace(full)
    return Upload.objects.create(
        uuid=key,
        conversation_id=conversation_id,
        file=str(path),
        name=clean_line(name.replace("\\", "/").rsplit("/", 1)[-1], limit=200) or "file",
        size=len(recognised.content),
        content_type=recognised.content_type,
        width=recognised.width,
        height=recognised.height,
        by_customer=by_customer,
        created_at=at,
    )


def as_attachment(upload: Upload) -> dict[str, Any]:
    """What a message carries of a file."""
    return {
        "id": str(upload.uuid),
        "name": upload.name,
        "size": upload.size,
        "content_type": upload.content_type,
        "width": upload.width,
        "height": upload.height,
        "url": f"/files/{upload.uuid}/{_signature(upload.uuid)}",
    }


def attachments_of(conversation_id: int, wanted: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """The conversation's own uploads, in the order they were named; anything else is refused."""
    found = {
        u.uuid: u for u in Upload.objects.filter(conversation_id=conversation_id, uuid__in=wanted)
    }
    if any(w not in found for w in wanted):
        raise BadWords("This file is not known here; upload it first.")
    return [as_attachment(found[w]) for w in wanted]


def is_address_of(key: uuid.UUID, signature: str) -> bool:
    return constant_time_compare(signature, _signature(key))


def _signature(key: uuid.UUID) -> str:
    return Signer(salt="conversations.uploads").signature(str(key)).replace("=", "")


def _looks_like_image(content: bytes) -> bool:
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    )


def _redrawn(content: bytes) -> Recognised:
    """The picture alone: what else was in the file (places, programs, tricks) stays behind."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                kind = _fit(image)
                image.load()
                drawn = ImageOps.exif_transpose(image)
                drawn.thumbnail((_SIDE_LIMIT, _SIDE_LIMIT))
                if kind == "JPEG":
                    drawn = drawn.convert("RGB")
                out = io.BytesIO()
                drawn.save(out, kind)
                return Recognised(out.getvalue(), _IMAGES[kind], drawn.width, drawn.height)
    except NotThisKind:
        raise
    except Exception as error:
        raise NotThisKind("This picture can't be read.") from error


def _fit(image: Image.Image) -> str:
    if image.format not in _IMAGES or image.width * image.height > PIXEL_LIMIT:
        raise NotThisKind("This picture is too large, or of a kind we can't show.")
    return image.format


def _is_plain_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(ord(c) < 32 and c not in "\n\r\t\f" for c in text)
