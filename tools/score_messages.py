#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores `tlsdoctor explain` on real cases whose cause was found.

    score_messages.py [--misses] [--goals FIRST,THREE,SIDE] TLSDOCTOR CASES.jsonl

A case is a JSON object a line: `raw_text` as somebody pasted it, `cause_key` and `side` that the thread
found, `observer` and `raised` derived from the text. Only texts that stand in the thread word for word
(`raw_kind` verbatim) with a known cause (`confidence` other than unclear, `cause_key` other than unknown)
count. Prints how often the first candidate is the cause, the first three hold it, the side of the first
is right, and observer and raised are right, then each miss. Exits 1 below the goals (85, 97 and 88 %).
"""

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

GOALS = "85,97,88"
MEASURES = ["first", "three", "side", "observer", "raised"]


def cases(path):
    """Yields the cases that count."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except json.JSONDecodeError as e:
            sys.exit(f"{path}:{number}: {e}")
        known = case["confidence"] != "unclear" and case["cause_key"] != "unknown"
        if case["raw_kind"] == "verbatim" and known:
            yield case


def explain(program, text):
    """Returns what the program says of a text, or {} where it does not recognise it."""
    run = subprocess.run(
        [program, "explain", "-j", "-"], input=text.encode(), capture_output=True, timeout=60, check=False
    )
    if run.returncode not in (0, 4):
        sys.exit(f"{program} explain ended with {run.returncode}: {run.stderr.decode(errors='replace')}")
    return json.loads(run.stdout) if run.returncode == 0 else {}


def judge(case, answer):
    """Compares an answer with what was found; returns the measures and a line for a miss."""
    candidates = answer.get("candidates", [])
    names = [candidate["cause"] for candidate in candidates]
    right = {
        "first": names[:1] == [case["cause_key"]],
        "three": case["cause_key"] in names[:3],
        "side": bool(candidates) and candidates[0]["side"] == case["side"],
        "observer": answer.get("observer") == case["observer"],
        "raised": answer.get("raised") == case["raised"],
    }
    wrong = ",".join(name for name in MEASURES if not right[name])
    got = " ".join(f"{c['cause']}/{c['side']}/{c['weight']:.2f}" for c in candidates[:4]) or "not recognised"
    who = f"{answer.get('observer')} {answer.get('raised')}"
    return right, f"  {case['id']}: {wrong}: wanted {case['cause_key']}/{case['side']} {case['observer']} {case['raised']}, got {got} ({who})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("cases", type=Path)
    parser.add_argument("--goals", default=GOALS, help="percent for first, three and side (default: %(default)s)")
    parser.add_argument("--misses", action="store_true", help="list wrong observers and places too")
    arguments = parser.parse_args()
    goals = [float(goal) for goal in arguments.goals.split(",")]

    known = list(cases(arguments.cases))
    if not known:
        sys.exit(f"{arguments.cases}: no case counts")
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(lambda case: explain(arguments.program, case["raw_text"]), known))
    judged = [judge(case, answer) for case, answer in zip(known, answers)]

    percent = {name: 100 * sum(right[name] for right, _ in judged) / len(judged) for name in MEASURES}
    for name in MEASURES:
        hits = sum(right[name] for right, _ in judged)
        print(f"{name:9} {hits:4} of {len(judged)}  {percent[name]:5.1f} %")
    for right, line in judged:
        counts = all(right.values()) if arguments.misses else right["first"] and right["three"] and right["side"]
        if not counts:
            print(line)
    missed = [name for name, goal in zip(MEASURES, goals) if percent[name] < goal]
    if missed:
        print(f"below the goal: {', '.join(missed)}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
