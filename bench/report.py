"""What was measured: figures, each beside what it was measured against; as JSON, and as tables."""

import dataclasses
import datetime
import json
import os
import re


@dataclasses.dataclass
class Figure:
    name: str
    value: float
    unit: str
    against: str = ""  # peer or floor, run in the same run
    ratio: float | None = None
    bar: str = ""  # of the ratio if there is one, else of the value: "<= 8", ">= 0.7"
    is_headline: bool = False  # goes into README.md

    def is_met(self):
        """True or False; None where there is no bar."""
        if not self.bar:
            return None
        sign, limit = self.bar.split()
        measured = self.value if self.ratio is None else self.ratio
        return measured <= float(limit) if sign == "<=" else measured >= float(limit)


def machine():
    text = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            text = info.read()
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    return {"cores": len(os.sched_getaffinity(0)), "cpu": model[1].strip() if model else "unknown"}


def machine_words(of):
    return f"{of['cores']} cores, {of['cpu']}"


def number(value):
    if value >= 10_000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def write_json(path, figures, left_out):
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    content = {
        "date": date,
        "machine": machine(),
        "load_average": os.getloadavg()[0],
        "figures": [dict(dataclasses.asdict(figure), is_met=figure.is_met()) for figure in figures],
        "left_out": left_out,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return content


def print_table(figures, left_out):
    rows = [("what", "figure", "ratio", "bar", "", "against")]
    for figure in figures:
        ratio = "" if figure.ratio is None else number(figure.ratio)
        mark = {True: "met", False: "MISSED", None: ""}[figure.is_met()]
        rows.append(
            (figure.name, f"{number(figure.value)} {figure.unit}", ratio, figure.bar, mark, figure.against)
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    for what in left_out:
        print(f"left out: {what}")


def markdown_rows(figures, content):
    """README's columns: what, figure, measured."""
    yield "| what | figure | measured |"
    yield "|---|---|---|"
    measured = f"`make bench`, {content['date']}"
    for figure in figures:
        value = f"{number(figure.value)} {figure.unit}"
        if figure.ratio is not None:
            bar = f", bar {figure.bar}" if figure.bar else ""
            value += f", ratio {number(figure.ratio)}{bar}"
        elif figure.bar:
            value += f", bar {figure.bar}"
        against = f" (against {figure.against})" if figure.against else ""
        yield f"| {figure.name}{against} | {value} | {measured} |"


def replace_between(text, name, lines):
    """Puts `lines` between the marks <!-- name --> and <!-- /name -->."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the marks {begin} and {end} are missing")
    return head + begin + "\n" + "\n".join(lines) + "\n" + end + tail


def publish(path, figures, content):
    """Rewrites the table of figures of a Markdown file."""
    lines = [*markdown_rows(figures, content), "", f"Machine: {machine_words(content['machine'])}."]
    path.write_text(
        replace_between(path.read_text(encoding="utf-8"), "figures", lines), encoding="utf-8"
    )
