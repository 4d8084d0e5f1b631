# SPDX-License-Identifier: Apache-2.0
"""Sums a run up: expected causes against verdicts, and connections. Pure: (expectation, document) in, lines out."""

from collections import Counter
from statistics import median

from compare import one_of

#: What one question may cost, unless the case itself says otherwise, and what the middle one may.
MOST_CONNECTIONS = 40
MEDIAN_CONNECTIONS = 20


def confusion(pairs):
    """Counts (expected cause, verdict's cause). Returns {(expected, got, whether it is right): questions}."""
    counts = Counter()
    for expected, document in pairs:
        if "cause" in expected:
            causes = one_of(expected["cause"])
            got = document["verdict"]["cause"] if document else "no document"
            counts["|".join(causes), got, got in causes] += 1
    return counts


def confusion_lines(counts):
    """Writes the confusion table: only the rows that exist, the confused ones marked."""
    lines = [f"{'expected cause':42}  {'verdict':30}  questions"]
    for (expected, got, right), number in sorted(counts.items()):
        lines.append(f"{expected:42}  {got:30}  {number:9}{'' if right else '  CONFUSED'}")
    return lines


def connections_lines(rows):
    """Takes (label, expectation, connections). Returns (lines, problems)."""
    if not rows:
        return [], []
    numbers = [number for _, _, number in rows]
    middle = median(numbers)
    label, _, most = max(rows, key=lambda row: row[2])
    lines = [f"connections: median {middle:g}, maximum {most} ({label})"]
    problems = [
        f"{label}: {number} connections, more than {limit}"
        for label, expected, number in rows
        if number > (limit := expected.get("connections_max", MOST_CONNECTIONS))
    ]
    if middle > MEDIAN_CONNECTIONS:
        problems.append(f"the median of {middle:g} connections is more than {MEDIAN_CONNECTIONS}")
    return lines, problems


def sum_up(results):
    """Returns (lines to print, number of problems) for Results with documents."""
    counts = confusion([(result.expected, result.document) for result in results])
    rows = [(r.label, r.expected, r.document["connections"]) for r in results if r.document]
    lines, problems = connections_lines(rows)
    confused = sum(number for (_, _, right), number in counts.items() if not right)
    lines = [*confusion_lines(counts), f"{confused} confused", *lines, *(f"PROBLEM {text}" for text in problems)]
    return lines, confused + len(problems)
