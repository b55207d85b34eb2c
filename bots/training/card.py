"""A trained adapter's card: the same as JSON, as Markdown and as a picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

SHOWN = (
    ("bleu", "BLEU"),
    ("rouge_l", "ROUGE-L"),
    ("supported", "of what it writes, borne out"),
    ("released", "answers that reach the customer"),
    ("support", "of what customers see, borne out"),
)
_INK, _BEFORE, _AFTER, _GRID = "#222222", "#9aa5b1", "#1f5fa8", "#cccccc"


def markdown(card: Mapping[str, Any]) -> str:
    """For people: what it is, what it is worth, what it learnt from."""
    before, after, data, how = card["before"], card["after"], card["data"], card["training"]
    verdict = "It wins." if card["wins"] else "It does not win:"
    lines = [
        f"# {card['name']}",
        "",
        (
            f"A LoRA adapter of rank {how['rank']} for {card['base']['name']} (`{card['base']['digest']}`), "
            f"{card['adapter']['bytes'] / 1e6:.1f} MB, `{card['adapter']['digest']}`. Made {card['made_at']}."
        ),
        "",
        f"**{verdict}** " + " ".join(card["objections"]),
        "",
        "![Losses, and figures before and after](card.svg)",
        "",
        f"| {after['answers']} held-out answers | before | after |",
        "|---|---|---|",
        *(f"| {told} | {before[name]:.3f} | {after[name]:.3f} |" for name, told in SHOWN),
        f"| tokens/s, all together | {before['tokens_per_second']} | {after['tokens_per_second']} |",
        f"| seconds to the first word | {before['seconds_to_first']} | {after['seconds_to_first']} |",
        f"| words of an answer | {before['words']} | {after['words']} |",
        "",
        (
            f"ROUGE-L's gain lies between {card['gain'][0]:+.3f} and {card['gain'][1]:+.3f} (95 %, paired bootstrap). "
            "Both write as in service: the same prompt, guided to the passage's words. “Borne out” of what it "
            "writes is the checker's word, of what customers see another judge's."
        ),
        "",
        "## Data",
        "",
        f"- {data['file']}, `{data['digest']}`; licence: {data['licence'] or 'not stated'}",
        (
            f"- {data['lines']} lines, {data['usable']} usable: {data['train']} learnt from, {data['watch']} watched "
            f"while training, {data['held_out']} held out (by conversation, or question)"
        ),
        f"- of the held-out passages, {data['passages_seen']} were learnt from with other questions",
        (
            f"- left out: {_counted(data['left_out'])}; sentences of answers that no passage bore out: {data['cut']}; "
            f"pieces of personal data replaced: {data['hidden']}"
        ),
        "",
        "## Training",
        "",
        f"- {how['steps']} steps of {how['batch']} examples in {how['seconds']:.0f} s; the best at step {how['best_step']}",
        f"- rank {how['rank']} on {', '.join(how['targets'])}; learning rate {how['rate']}; seed {how['seed']}",
        "- " + ", ".join(f"{name} {number}" for name, number in card["versions"].items()),
        "",
    ]
    return "\n".join(lines)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {code}" for code, count in sorted(counts.items())) or "nothing"


def picture(card: Mapping[str, Any]) -> bytes:
    """SVG: the losses by step, and the figures before and after."""
    top = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": "0 0 960 380",
            "font-family": "sans-serif",
            "font-size": "12",
            "fill": _INK,
        },
    )
    SubElement(top, "rect", {"width": "960", "height": "380", "fill": "white"})
    _losses(
        _part(top, 40, "Loss by step: learnt (grey), watched (blue)"), card["training"]["curve"]
    )
    _bars(_part(top, 510, "Before (grey) and after (blue)"), card["before"], card["after"])
    drawn: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return drawn


WIDE, HIGH = 400, 280


def _part(top: Element, left: int, title: str) -> Element:
    group = SubElement(top, "g", {"transform": f"translate({left},50)"})
    SubElement(group, "text", {"y": "-20", "font-weight": "bold"}).text = title
    frame = {"width": str(WIDE), "height": str(HIGH), "fill": "none", "stroke": _GRID}
    SubElement(group, "rect", frame)
    return group


def _losses(group: Element, curve: Sequence[Mapping[str, float]]) -> None:
    steps = max((one["step"] for one in curve), default=1) or 1
    values = [one[name] for one in curve for name in ("loss", "eval_loss") if name in one]
    most = max(values, default=1.0) or 1.0
    for name, colour in (("loss", _BEFORE), ("eval_loss", _AFTER)):
        points = [(one["step"], one[name]) for one in curve if name in one]
        drawn = " ".join(
            f"{WIDE * step / steps:.1f},{HIGH * (1 - value / most):.1f}" for step, value in points
        )
        told = {"points": drawn, "fill": "none", "stroke": colour, "stroke-width": "2"}
        SubElement(group, "polyline", told)
        if points:
            SubElement(
                group,
                "text",
                {
                    "x": str(WIDE - 4),
                    "y": f"{HIGH * (1 - points[-1][1] / most) - 4:.1f}",
                    "text-anchor": "end",
                    "fill": colour,
                },
            ).text = f"{points[-1][1]:.3f}"
    SubElement(group, "text", {"y": str(HIGH + 18)}).text = "0"
    SubElement(
        group, "text", {"x": str(WIDE), "y": str(HIGH + 18), "text-anchor": "end"}
    ).text = f"{steps:g}"


def _bars(group: Element, before: Mapping[str, float], after: Mapping[str, float]) -> None:
    side = WIDE / len(SHOWN)
    for place, (name, _told) in enumerate(SHOWN):
        for shift, figures, colour in ((0.1, before, _BEFORE), (0.5, after, _AFTER)):
            height = (HIGH - 20) * min(max(figures[name], 0.0), 1.0)
            left = (place + shift) * side
            SubElement(
                group,
                "rect",
                {
                    "x": f"{left:.1f}",
                    "y": f"{HIGH - height:.1f}",
                    "width": f"{0.38 * side:.1f}",
                    "height": f"{height:.1f}",
                    "fill": colour,
                },
            )
            SubElement(
                group,
                "text",
                {"x": f"{left:.1f}", "y": f"{HIGH - height - 3:.1f}", "font-size": "10"},
            ).text = f"{figures[name]:.2f}"
        SubElement(
            group,
            "text",
            {"x": f"{(place + 0.5) * side:.1f}", "y": str(HIGH + 18), "text-anchor": "middle"},
        ).text = name
