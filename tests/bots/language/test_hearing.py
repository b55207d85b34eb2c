"""Recordings in words: what is there without the weights, and what they hear where they are installed."""

import subprocess
import wave
from dataclasses import dataclass
from math import log
from pathlib import Path

import pytest

from bots.language import listening
from bots.language.hearing import LocalHearing, RemoteHearing, hearing
from bots.language.model import ModelUnavailable

pytestmark = pytest.mark.unit


@dataclass
class Said:
    text: str
    avg_logprob: float
    start: float = 0.0
    end: float = 1.0


def test_who_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "is_here", lambda: True)
    assert isinstance(hearing(""), LocalHearing)
    assert hearing("none") is None
    assert isinstance(hearing("openai:whisper-1@http://127.0.0.1:9"), RemoteHearing)
    with pytest.raises(ModelUnavailable, match="openai:<model>"):
        hearing("whisper")

    monkeypatch.setattr(listening, "is_here", lambda: False)
    assert hearing("") is None


def test_how_sure_words_are_is_weighed_by_time() -> None:
    segments = [
        Said(" Where is", log(0.9), 0, 3),
        Said(" my parcel? ", log(0.5), 3, 4),
        Said(" ", -9),
    ]

    text, sure = listening.heard(segments)

    assert text == "Where is my parcel?"
    assert sure == pytest.approx((0.9**3 * 0.5) ** 0.25)
    assert listening.heard([]) == ("", 0.0)


def test_a_process_that_ends_badly_is_an_error_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the weights, or whatever a file does to it."""
    bad = tmp_path / "note.ogg"
    bad.write_bytes(b"OggS" + b"\xff" * 5_000)

    with pytest.raises(subprocess.CalledProcessError):
        LocalHearing().hear(bad, "audio/ogg")


@pytest.mark.skipif(not listening.is_here(), reason="the small whisper is not installed")
def test_silence_has_no_words(tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.wav"
    with wave.open(str(quiet), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"\0\0" * 32_000)

    assert LocalHearing().hear(quiet, "audio/wav") == ""
