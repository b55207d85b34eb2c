"""Spoken words as text: by a small whisper for English where it is installed, or from any server that speaks OpenAI's
`/audio/transcriptions`: whisper.cpp, vLLM, and the like."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from bots.language import listening
from bots.language.model import ModelUnavailable

REMOTE = "openai:"
NOBODY = "none"
_LARGEST_ANSWER = 200_000  # bytes
_PROJECT = Path(__file__).parents[2]
_ENDINGS = {
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
}


class Hearing(Protocol):
    @property
    def name(self) -> str:
        """Which model it is."""

    @property
    def language(self) -> str:
        """The only one that it knows; empty: any."""

    def hear(self, path: Path, content_type: str) -> str:
        """What is said in a recording; empty: nothing. Raises ModelUnavailable when nobody can say."""


def hearing(spec: str) -> Hearing | None:
    """`openai:<model>@<base url>`, the key from OPENAI_API_KEY; nothing: the small whisper, if it is installed;
    `none`: nobody listens."""
    if spec == NOBODY:
        return None
    if not spec:
        return LocalHearing() if listening.is_here() else None
    model, _, url = spec.removeprefix(REMOTE).rpartition("@")
    if not spec.startswith(REMOTE) or not model or not url.startswith(("http://", "https://")):
        raise ModelUnavailable("wrong_name", f"Write openai:<model>@<base url>, not {spec}.")
    return RemoteHearing(model, url, key=os.environ.get("OPENAI_API_KEY", ""))


class LocalHearing:
    """A process of its own for each recording, which knows nothing of ours: no database, no keys."""

    name = listening.NAME
    language = listening.LANGUAGE

    def __init__(self, *, patience: float = 600.0) -> None:
        self._patience = patience  # the machine may be busy

    def hear(self, path: Path, content_type: str) -> str:
        run = subprocess.run(  # noqa: S603 -- our own module, and a path that we chose
            [sys.executable, "-m", "bots.language.listening", str(path)],
            cwd=_PROJECT,
            env={"PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            timeout=self._patience,
            check=True,
        )
        return str(json.loads(run.stdout)["text"])


class RemoteHearing:
    """One request for each recording; whoever asked tries again later."""

    language = ""

    def __init__(self, model: str, url: str, *, key: str = "", patience: float = 60.0) -> None:
        self.name = f"{REMOTE}{model}"
        self._model, self._key, self._patience = model, key, patience
        self._url = f"{url.rstrip('/')}/audio/transcriptions"

    def hear(self, path: Path, content_type: str) -> str:
        mark = uuid4().hex
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        body = self._form(mark, path.read_bytes(), content_type)
        request = urllib.request.Request(self._url, data=body, headers=headers)  # noqa: S310 -- http(s), checked above
        try:
            with urllib.request.urlopen(request, timeout=self._patience) as answer:  # noqa: S310 -- as above
                told = json.loads(answer.read(_LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            code = "refused" if 400 <= error.code < 500 and error.code != 429 else "failed"
            raise ModelUnavailable(code, f"The server answered {error.code}.") from error
        except (OSError, ValueError) as error:
            raise ModelUnavailable("failed", f"{type(error).__name__} from the server.") from error
        text = told.get("text") if isinstance(told, dict) else None
        if not isinstance(text, str):
            raise ModelUnavailable("failed", "The server answered without a text.")
        return text.strip()

    def _form(self, mark: str, content: bytes, content_type: str) -> bytes:
        ending = _ENDINGS.get(content_type, "bin")
        fields = {"model": self._model, "response_format": "json"}
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="note.{ending}"\r\n'
            f"Content-Type: {content_type}\r\n\r\n"
        )
        return b"".join([*parts, head.encode(), content, f"\r\n--{mark}--\r\n".encode()])
