# SPDX-License-Identifier: Apache-2.0
"""A row of the benchmark: its goals, what was measured, and both as Markdown and as JSON."""

import dataclasses
import re
from dataclasses import dataclass, field

OURS = re.compile(r"tlsdoctor (check|scan)")
BEGIN, END = "<!-- figures of make bench -->", "<!-- end of figures -->"


@dataclass
class Goal:
    """One demand of a row, and whether it is met; None: it could not be measured."""

    text: str
    measured: str
    reached: bool | None


@dataclass
class Row:
    number: int
    title: str
    goals: list = field(default_factory=list)
    results: list = field(default_factory=list)  # measure.Result, ours first
    floor: str = ""
    note: str = ""
    error: str = ""

    def verdict(self):
        if self.error:
            return "FAILED"
        if any(goal.reached is False for goal in self.goals):
            return "not reached"
        if any(goal.reached is None for goal in self.goals):
            return "not measured"
        return "reached"


def at_most(text, value, limit, unit):
    return Goal(text, f"{number(value)} {unit}", value <= limit)


def at_least(text, value, limit, unit):
    return Goal(text, f"{number(value)} {unit}", value >= limit)


def number(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def summary(rows):
    """Returns the table of all rows."""
    lines = ["| # | scenario | goal | measured | floor | verdict |", "|---|---|---|---|---|---|"]
    for row in rows:
        goals = "; ".join(goal.text for goal in row.goals)
        found = "; ".join(goal.measured for goal in row.goals)
        lines.append(f"| {row.number} | {row.title} | {goals} | {found} | {row.floor} | {row.verdict()} |")
    return lines


def details(row):
    """Returns who took part in a row, and what it cost each."""
    lines = [f"\n### Row {row.number}: {row.title}"] + ([f"\n{row.note}"] if row.note else [])
    if row.error:
        return [*lines, f"\nFAILED: {row.error}"]
    if not row.results:
        return lines
    lines += [
        "",
        "| program | wall ms | CPU ms | peak MB | connections | server CPU ms | wall, ratio | runs |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    ours = row.results[0].wall_ms
    for r in row.results:
        if OURS.search(r.name):
            ours = r.wall_ms  # what follows was measured against the same server
        lines.append(
            f"| {r.name} | {number(r.wall_ms)} | {number(r.cpu_ms)} | {r.peak_mb:.1f} | {r.connections:.0f} "
            f"| {number(r.server_ms) if r.server_ms else ''} | {number(r.wall_ms / ours)} | {r.runs} |"
        )
    return lines


def put_into(page, lines):
    """Replaces what stands between the two marks of a page."""
    before, rest = page.read_text().split(BEGIN)
    _, after = rest.split(END)
    page.write_text("\n".join([before + BEGIN, *lines, END + after]))


def as_json(row):
    return {**dataclasses.asdict(row), "verdict": row.verdict()}
