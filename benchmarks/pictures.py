"""Two pictures as SVG, in the page's own colours: what was said against what came, and who was caught by when."""

from collections.abc import Sequence

SIZE, LEFT, BOTTOM, TOP = 360, 56, 44, 16
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#888}.l{fill:none;stroke:#3b6fd4;stroke-width:2}"
    ".d{stroke:#999;stroke-dasharray:4 4}.a{stroke:#999}.p{fill:#3b6fd4}"
)


def _frame(across: str, up: str, most: float, marks: Sequence[float], inside: str) -> str:
    """Both axes from 0 to `most`, written as percentages."""
    width, height = SIZE + LEFT + 20, SIZE + BOTTOM + TOP
    label = f"{up} by {across}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        f"<title>{label}</title><style>{_STYLE}</style>",
        f'<path class="a" fill="none" d="M{LEFT} {TOP}V{TOP + SIZE}H{LEFT + SIZE}"/>',
        f'<line class="d" x1="{LEFT}" y1="{TOP + SIZE}" x2="{LEFT + SIZE}" y2="{TOP}"/>',
    ]
    for mark in marks:
        x, y = _at(mark, mark, most)
        lines.append(
            f'<text x="{x:.1f}" y="{TOP + SIZE + 18}" text-anchor="middle">{mark:.0%}</text>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{mark:.0%}</text>'
        )
    lines.append(
        f'<text x="{LEFT + SIZE / 2}" y="{TOP + SIZE + 38}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(14 {TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">{up}</text>'
    )
    return "\n".join([*lines, inside, "</svg>\n"])


def _at(x: float, y: float, most: float) -> tuple[float, float]:
    return LEFT + SIZE * x / most, TOP + SIZE * (1 - y / most)


def _line(points: Sequence[tuple[float, float]], most: float) -> str:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_at(*point, most) for point in points))
    return f'<polyline class="l" points="{drawn}"/>'


def calibration(said: Sequence[tuple[float, float]]) -> str:
    """What was said and what came, of ten bands with equally many rows."""
    most = max(0.1, round(max(max(pair) for pair in said) * 1.1 + 0.05, 1))
    dots = "".join(
        f'<circle class="p" r="4" cx="{x:.1f}" cy="{y:.1f}"/>'
        for x, y in (_at(a, b, most) for a, b in said)
    )
    marks = [most * part / 5 for part in range(6)]
    return _frame("chance that was said", "what came", most, marks, _line(said, most) + dots)


def gains_of(x: Sequence[float], y: Sequence[float], half: float) -> str:
    """The share of all successes among the first calls; `half`: of the better half."""
    keep = max(1, len(x) // 300)
    points = [*zip(x[::keep], y[::keep], strict=True), (1.0, 1.0)]
    middle, up = _at(0.5, half, 1.0)
    inside = (
        _line(points, 1.0)
        + f'<circle class="p" r="4" cx="{middle:.1f}" cy="{up:.1f}"/>'
        + f'<text x="{middle + 8:.1f}" y="{up + 18:.1f}">{half:.0%} in the better half</text>'
    )
    return _frame(
        "calls made, the best first", "successes", 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1], inside
    )
