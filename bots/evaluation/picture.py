"""A report as one picture: who is mixed up with whom, how sure, and how much more examples help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from bots.evaluation.measure import BINS, Trial, histogram

WIDTH, HEIGHT = 960, 440
SHOWN = 30  # articles in the matrix, those with most mistakes
_INK, _RIGHT, _WRONG = "#222222", "#2a7f62", "#c0392b"
_LINES = ("#1f5fa8", "#b8860b", "#2a7f62", "#7d3c98", "#555555")


def picture(
    trials: Sequence[Trial], curves: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> bytes:
    """SVG. `curves` is for each way of finding its figures by share of the examples."""
    top = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "font-family": "sans-serif",
            "font-size": "12",
            "fill": _INK,
        },
    )
    SubElement(top, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": "white"})
    _matrix(_part(top, 20, "Right article (rows) and found first (columns)"), trials)
    _bars(_part(top, 340, "Answers by confidence: right, wrong"), trials)
    _curves(_part(top, 660, "Mean reciprocal rank by share of examples"), curves)
    drawn: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return drawn


def _part(top: Element, left: int, title: str) -> Element:
    group = SubElement(top, "g", {"transform": f"translate({left},60)"})
    SubElement(group, "text", {"y": "-24", "font-weight": "bold"}).text = title
    SubElement(
        group,
        "rect",
        {"width": "280", "height": "280", "fill": "none", "stroke": "#cccccc"},
    )
    return group


def _matrix(group: Element, trials: Sequence[Trial]) -> None:
    wrong = [trial for trial in trials if not trial.is_right]
    names: dict[str, int] = {}
    for trial in wrong:
        for name in (trial.right or "", trial.found[0] if trial.found else ""):
            names[name] = names.get(name, 0) + 1
    shown = sorted(names, key=lambda name: (-names[name], name))[:SHOWN]
    counts: dict[tuple[int, int], int] = {}
    for trial in trials:
        pair = (trial.right or "", trial.found[0] if trial.found else "")
        if pair[0] in shown and pair[1] in shown:
            at = (shown.index(pair[0]), shown.index(pair[1]))
            counts[at] = counts.get(at, 0) + 1
    side = 280 / max(len(shown), 1)
    most = max(counts.values(), default=1)
    for (row, column), count in sorted(counts.items()):
        cell = SubElement(
            group,
            "rect",
            {
                "x": f"{column * side:.1f}",
                "y": f"{row * side:.1f}",
                "width": f"{side:.1f}",
                "height": f"{side:.1f}",
                "fill": _RIGHT if row == column else _WRONG,
                "fill-opacity": f"{0.15 + 0.85 * count / most:.2f}",
            },
        )
        SubElement(cell, "title").text = f"{shown[row]} → {shown[column]}: {count}"
    note = f"The {len(shown)} articles with most mistakes" if shown else "No mistakes"
    SubElement(group, "text", {"y": "300"}).text = note


def _bars(group: Element, trials: Sequence[Trial]) -> None:
    bins = histogram(trials)
    most = max((one["right"] + one["wrong"] for one in bins), default=1) or 1
    side = 280 / BINS
    for place, one in enumerate(bins):
        bottom = 280.0
        for name, colour in (("right", _RIGHT), ("wrong", _WRONG)):
            height = 270 * one[name] / most
            bottom -= height
            SubElement(
                group,
                "rect",
                {
                    "x": f"{place * side + 2:.1f}",
                    "y": f"{bottom:.1f}",
                    "width": f"{side - 4:.1f}",
                    "height": f"{height:.1f}",
                    "fill": colour,
                },
            )
    _ticks(group)


def _ticks(group: Element) -> None:
    for share in (0, 0.5, 1):
        SubElement(
            group, "text", {"x": f"{280 * share:.0f}", "y": "300", "text-anchor": "middle"}
        ).text = f"{share:g}"


def _curves(group: Element, curves: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    _ticks(group)
    for text, y in (("1", 10), ("0", 280)):
        SubElement(group, "text", {"x": "-4", "y": str(y), "text-anchor": "end"}).text = text
    for place, (name, points) in enumerate(curves.items()):
        colour = _LINES[place % len(_LINES)]
        line = [(float(share), one.get("mrr", 0.0)) for share, one in points.items()]
        SubElement(
            group,
            "polyline",
            {
                "points": " ".join(f"{280 * x:.1f},{280 * (1 - y):.1f}" for x, y in line),
                "fill": "none",
                "stroke": colour,
                "stroke-width": "2",
            },
        )
        last = line[-1][1] if line else 0.0
        SubElement(
            group, "text", {"y": str(318 + 15 * place), "fill": colour}
        ).text = f"{name} {last:.3f}"
