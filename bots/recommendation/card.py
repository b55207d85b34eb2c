"""A recommender's card: the same as JSON, as Markdown and as a picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from bots.recommendation.training import Trained

TOLD = {
    "fused": "all parts, fused",
    "sequence": "transformer over the sequence",
    "factors": "matrix factorisation (implicit)",
    "together": "neighbours: taken together",
    "following": "neighbours: taken next",
    "own": "buy it again (most frequent own)",
    "popular": "popularity",
    "live": "what was live before",
}
LONG = 200  # of the longest bar
_INK, _OTHER, _SERVED, _GRID = "#222222", "#9aa5b1", "#1f5fa8", "#cccccc"


def card(done: Trained, *, source: str, digest: str, made_at: str) -> dict[str, Any]:
    """What was learnt from what, and what it is worth on the newest events of all customers."""
    return {
        "made_at": made_at,
        "data": {"file": source, "digest": digest, **done.facts},
        "served": done.model.served,
        "figures": {name: found.told() for name, found in done.figures.items()},
        "curve": [{name: round(value, 5) for name, value in one.items()} for one in done.curve],
    }


def markdown(card: Mapping[str, Any]) -> str:
    data, figures = card["data"], card["figures"]
    measure, plain = measured_by(card)
    more = {
        name: gain(one[measure], figures[plain][measure]).strip(" ()") or "–"
        for name, one in figures.items()
    }
    order = sorted(figures, key=lambda name: -figures[name]["ndcg@10"])
    lines = [
        "# Recommender",
        "",
        f"Made {card['made_at']} from {data['file']} (`{data['digest']}`): {data['events']:,} events of {data['customers']:,} customers with {data['items']:,} items.",
        f"{data['repeated']:.1%} of the events repeat an earlier one of the same customer. Served: **{TOLD[card['served']]}**.",
        "",
        "![NDCG@10 of each way, and the transformer's course](card.svg)",
        "",
        f"The plain way to beat is {TOLD[plain]}; “more” is beside it, by {measure.replace('ndcg', 'NDCG')}.",
        "",
        f"| on the newest {'baskets' if data['baskets'] else 'events'} ({data['held_out']:,} cases, none learnt from) | HR@10 | NDCG@10 | recall@10 | more |",
        "|---|---|---|---|---|",
        *(
            f"| {TOLD[name]} | {figures[name]['hr@10']:.3f} | {figures[name]['ndcg@10']:.3f} | {figures[name]['recall@10']:.3f} | {more[name]} |"
            for name in order
        ),
        "",
        "The fused ranking is scored by cross-validation over customers. Every item of the catalogue competes; where",
        "nobody comes back, what a customer had is left out. Afterwards all parts are learnt again from everything.",
        "",
    ]
    return "\n".join(lines)


def picture(card: Mapping[str, Any]) -> bytes:
    """SVG: a bar for each way with its gain over the plain one, and the transformer's NDCG@10 by epoch."""
    figures, curve = card["figures"], card["curve"]
    measure, plain = measured_by(card)
    top = Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 960 320", "font-family": "sans-serif", "font-size": "12", "fill": _INK},
    )  # fmt: skip
    SubElement(top, "rect", {"width": "960", "height": "320", "fill": "white"})
    SubElement(top, "text", {"x": "20", "y": "24", "font-weight": "bold"}).text = f"{measure.upper().replace('RECALL', 'Recall')} on what was held out, and more than {TOLD[plain].split(' (')[0]}"  # fmt: skip
    most = max((found[measure] for found in figures.values()), default=0) or 1
    for row, name in enumerate(sorted(figures, key=lambda name: -figures[name][measure])):
        high, value = 44 + 34 * row, figures[name][measure]
        SubElement(top, "text", {"x": "20", "y": str(high + 15)}).text = TOLD[name]
        bar = {"x": "230", "y": str(high), "height": "22", "width": f"{LONG * value / most:.1f}"}
        SubElement(top, "rect", bar | {"fill": _SERVED if name == card["served"] else _OTHER})
        SubElement(top, "text", {"x": f"{236 + LONG * value / most:.1f}", "y": str(high + 15)}).text = f"{value:.3f}{gain(value, figures[plain][measure])}"  # fmt: skip
    if curve:
        _course(top, curve)
    drawn: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return drawn


def measured_by(card: Mapping[str, Any]) -> tuple[str, str]:
    """What is looked at, and what has to be beaten: of baskets how much of them, by what is bought again."""
    measure = "recall@10" if card["data"].get("baskets") else "ndcg@10"
    return measure, "own" if "own" in card["figures"] else "popular"


def gain(value: float, plain: float) -> str:
    """“ (+12 %)”; nothing of what is beside nothing."""
    return (
        f" ({value / plain - 1:+.0%})".replace("%", " %").replace("-", "−")
        if plain and value != plain
        else ""
    )


def _course(top: Element, curve: list[dict[str, float]]) -> None:
    group = SubElement(top, "g", {"transform": "translate(580,44)"})
    SubElement(group, "text", {"y": "-20", "font-weight": "bold"}).text = "Transformer alone, by epoch"  # fmt: skip
    SubElement(group, "rect", {"width": "340", "height": "210", "fill": "none", "stroke": _GRID})
    most = max(one["ndcg@10"] for one in curve) or 1
    last = max(one["epoch"] for one in curve)
    points = [(340 * one["epoch"] / last, 210 - 200 * one["ndcg@10"] / most) for one in curve]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    SubElement(group, "polyline", {"points": drawn, "fill": "none", "stroke": _SERVED, "stroke-width": "2"})  # fmt: skip
    SubElement(group, "text", {"x": "340", "y": "230", "text-anchor": "end"}).text = f"{last:g}"
    SubElement(group, "text", {"x": "336", "y": "200", "text-anchor": "end"}).text = f"best {most:.3f}"  # fmt: skip
