"""Small line charts as SVG, written by hand so that the same numbers give the same bytes."""

import dataclasses
import html

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 54, 12, 40, 40
LEGEND_Y, LEGEND_WIDTH = 30, 140
COLOURS = ("#0b6bcb", "#c8511b", "#5b6770", "#0b6bcb", "#c8511b", "#5b6770")


@dataclasses.dataclass
class Line:
    name: str
    points: list  # (x, y)
    colour: int = 0
    is_dashed: bool = False


@dataclasses.dataclass
class Axis:
    label: str
    low: float
    high: float
    step: float  # between two ticks

    def ticks(self):
        count = round((self.high - self.low) / self.step)
        return [self.low + n * self.step for n in range(count + 1)]


def number(value):
    return f"{value:.1f}".removesuffix(".0")


def tick_text(value, step):
    return f"{value:.0f}" if step >= 1 else f"{value:.1f}" if step >= 0.1 else f"{value:.2f}"


def chart(title, x, y, lines):
    """The text of an SVG. Points beyond the axes are left out."""

    def at_x(value):
        return LEFT + (value - x.low) / (x.high - x.low) * (WIDTH - LEFT - RIGHT)

    def at_y(value):
        return HEIGHT - BOTTOM - (value - y.low) / (y.high - y.low) * (HEIGHT - TOP - BOTTOM)

    font = 'font-family="sans-serif" font-size="11" fill="#24292f"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {font}>',
        f'<title>{html.escape(title)}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for value in y.ticks():
        level = number(at_y(value))
        out.append(f'<path d="M{LEFT} {level}H{WIDTH - RIGHT}" stroke="#e4e7ea"/>')
        text = tick_text(value, y.step)
        out.append(f'<text x="{LEFT - 6}" y="{level}" dy="4" text-anchor="end">{text}</text>')
    for value in x.ticks():
        place, text = number(at_x(value)), tick_text(value, x.step)
        out.append(f'<text x="{place}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{text}</text>')
    middle = number((LEFT + WIDTH - RIGHT) / 2)
    out.append(f'<text x="{middle}" y="{HEIGHT - 7}" text-anchor="middle">{html.escape(x.label)}</text>')
    out.append(f'<text x="{LEFT}" y="14">{html.escape(y.label)}</text>')
    for place, line in enumerate(lines):
        points = [(px, py) for px, py in line.points if x.low <= px <= x.high and y.low <= py <= y.high]
        path = " ".join(f"{number(at_x(px))},{number(at_y(py))}" for px, py in points)
        style = f'stroke="{COLOURS[line.colour]}"' + (' stroke-dasharray="5 3"' if line.is_dashed else "")
        out.append(f'<polyline fill="none" stroke-width="1.6" {style} points="{path}"/>')
        left = WIDTH - RIGHT - LEGEND_WIDTH * (len(lines) - place)
        out.append(f'<path d="M{left} {LEGEND_Y - 4}h22" stroke-width="1.6" {style}/>')
        out.append(f'<text x="{left + 27}" y="{LEGEND_Y}">{html.escape(line.name)}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
