"""Reads printed words in a picture: PP-OCRv6's small models (Apache-2.0, out of the wheel `rapidocr`) on
ONNX Runtime. One network says where text stands, the other reads each line; Chinese, English, and most
languages in Latin letters. Lines that lie askew by more than some degrees are read badly.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image

NAME = "PP-OCRv6 small"
_LONGEST_SIDE, _SHORTEST_SIDE = 1280, 480  # pixels of what is looked at
_HEIGHT, _WIDEST = 48, 1600  # pixels of one line as it is read
_SEEN, _SURE_BOX, _SURE_LINE = 0.3, 0.5, 0.6
_GROWS = (
    1.6  # what is found is the core of a line: its box grows by so much of area through outline
)
_MOST_LINES = 120
Pixels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text with how sure the network is of it, 0 to 1."""

    text: str
    sure: float


@dataclass(frozen=True, slots=True)
class _Box:
    left: int
    top: int
    right: int
    bottom: int


def is_here() -> bool:
    """Whether the weights are installed."""
    return importlib.util.find_spec("rapidocr") is not None


def read(picture: Image.Image) -> list[Line]:
    """The lines of a picture, from top to bottom."""
    image = _sized(picture.convert("RGB"))
    pixels = np.asarray(image, dtype=np.float32)[:, :, ::-1]  # the networks learnt blue first
    seen = _run("det", ((pixels / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None])[0, 0]
    boxes = _in_reading_order(_boxes(seen))[:_MOST_LINES]
    lines = [_line(image, box) for box in boxes]
    return [line for line in lines if line.text.strip() and line.sure >= _SURE_LINE]


def _sized(image: Image.Image) -> Image.Image:
    """To sides that the network can take, multiples of 32."""
    width, height = image.size
    scale = min(1.0, _LONGEST_SIDE / max(width, height))
    scale = max(scale, min(_SHORTEST_SIDE / min(width, height), _LONGEST_SIDE / max(width, height)))
    sides = [max(round(side * scale / 32), 1) * 32 for side in (width, height)]
    return image.resize((sides[0], sides[1]), Image.Resampling.BILINEAR)


def _boxes(seen: Pixels) -> Iterator[_Box]:
    """The pieces that hang together where text is seen, each grown to the whole of its line."""
    height, width = seen.shape
    for box in _pieces(seen > _SEEN):
        wide, high = box.right - box.left, box.bottom - box.top
        if min(wide, high) < 3:
            continue
        if float(seen[box.top : box.bottom, box.left : box.right].mean()) < _SURE_BOX:
            continue
        by = round(wide * high * _GROWS / (2 * (wide + high)))
        yield _Box(
            max(box.left - by, 0),
            max(box.top - by, 0),
            min(box.right + by, width),
            min(box.bottom + by, height),
        )


def _pieces(mask: NDArray[np.bool_]) -> list[_Box]:
    """The frames of everything that hangs together, found by joining the runs of neighbouring rows."""
    frames: list[list[int]] = []
    parents: list[int] = []

    def root(one: int) -> int:
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    before: list[tuple[int, int, int]] = []
    for row, cells in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], cells.view(np.int8), [0]))))
        now: list[tuple[int, int, int]] = []
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            mine = len(parents)
            parents.append(mine)
            frames.append([start, row, end, row + 1])
            now.append((start, end, mine))
            for other_start, other_end, other in before:
                if other_start <= end and start <= other_end:
                    parents[root(other)] = root(mine)
        before = now
    whole: dict[int, list[int]] = {}
    for one, (left, top, right, bottom) in enumerate(frames):
        kept = whole.setdefault(root(one), [left, top, right, bottom])
        kept[:] = [
            min(kept[0], left), min(kept[1], top), max(kept[2], right), max(kept[3], bottom)
        ]  # fmt: skip
    return [_Box(*kept) for kept in whole.values()]


def _in_reading_order(boxes: Iterator[_Box]) -> list[_Box]:
    """Top to bottom; what stands beside each other, from left to right."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda one: one.top + one.bottom):
        row = rows[-1] if rows else []
        if row and (box.top + box.bottom) / 2 < row[0].bottom - (row[0].bottom - row[0].top) * 0.3:
            row.append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(row, key=lambda one: one.left)]


def _line(image: Image.Image, box: _Box) -> Line:
    piece = image.crop((box.left, box.top, box.right, box.bottom))
    if piece.height > 1.5 * piece.width:  # written downwards, or turned
        piece = piece.transpose(Image.Transpose.ROTATE_90)
    width = min(max(round(piece.width * _HEIGHT / piece.height), 16), _WIDEST)
    piece = piece.resize((width, _HEIGHT), Image.Resampling.BILINEAR)
    pixels = np.asarray(piece, dtype=np.float32)[:, :, ::-1]
    told = _run("rec", ((pixels / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None])[0]
    chosen, sure = told.argmax(-1), told.max(-1)
    # Connectionist temporal classification: the same twice is once, and the first class is a gap.
    kept = (chosen != 0) & np.concatenate(([True], chosen[1:] != chosen[:-1]))
    letters = _letters()
    text = "".join(letters[one] for one in chosen[kept].tolist())
    return Line(text, float(sure[kept].mean()) if kept.any() else 0.0)


def _run(which: str, pixels: Any) -> Pixels:
    session = _session(which)
    given = {session.get_inputs()[0].name: np.ascontiguousarray(pixels, dtype=np.float32)}
    found: Pixels = session.run(None, given)[0]
    return found


@cache
def _session(which: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    path = _folder() / f"PP-OCRv6_{which}_small.onnx"
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def _letters() -> list[str]:
    known = _session("rec").get_modelmeta().custom_metadata_map["character"].splitlines()
    return ["", *known, " "]


def _folder() -> Path:
    """Its own code, which wants OpenCV, is not imported."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise FileNotFoundError("rapidocr is not installed")
    return Path(found.origin).parent / "models"
