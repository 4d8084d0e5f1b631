# SPDX-License-Identifier: Apache-2.0
"""Runs programs in turns and takes the medians of what bench/meter.cpp counts: whole processes with their
children, and the connections that the kernel began meanwhile (TcpActiveOpens of this network namespace)."""

import json
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LIMIT = 300  # seconds for one run of one program


class WrongAnswer(RuntimeError):
    """A program failed or did not find what is there: the time of a wrong answer is worth nothing."""


@dataclass
class Contender:
    """A program, what it is asked, and how its answer is judged: `check` raises WrongAnswer."""

    name: str
    command: list
    check: Callable[[str], None]
    codes: tuple = (0,)
    most_runs: int = 1000  # slow programs run less often


@dataclass
class Cost:
    """What one run took."""

    wall_ms: float
    user_ms: float
    system_ms: float
    peak_kb: int
    opened: int
    server_ms: float = 0.0  # CPU time that the server spent meanwhile

    @property
    def cpu_ms(self):
        return self.user_ms + self.system_ms


@dataclass
class Result:
    """The medians of a contender's runs."""

    name: str
    runs: int
    wall_ms: float
    cpu_ms: float
    user_ms: float
    peak_mb: float
    connections: float
    server_ms: float
    spread_ms: tuple = field(default=(0.0, 0.0))  # least and most wall time


def expects(*words):
    """Returns a check that the answer holds all of these."""

    def check(text):
        missing = [word for word in words if word not in text]
        if missing:
            raise WrongAnswer(f"without {missing}:\n{text[-1500:]}")

    return check


def run(tools, contender, server=None):
    """Runs a program once, judges its answer and returns its cost."""
    with tempfile.TemporaryDirectory() as folder:
        cost_file, output = Path(folder) / "cost", Path(folder) / "output"
        before = server.cpu_ms() if server else 0.0
        with open(output, "wb") as out:
            done = subprocess.run(
                [tools / "meter", cost_file, str(LIMIT), *contender.command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=LIMIT + 30,
                check=False,
            )
        spent = server.cpu_ms() - before if server else 0.0
        text = output.read_text(errors="replace")
        if done.returncode != 0:
            raise WrongAnswer(f"{contender.name}: {text[-500:]}")
        cost = json.loads(cost_file.read_text())
    code = cost.pop("code")
    if code not in contender.codes:
        raise WrongAnswer(f"{contender.name}: exit code {code}:\n{text[-1500:]}")
    try:
        contender.check(text)
    except (WrongAnswer, ValueError, KeyError, OSError) as e:
        raise WrongAnswer(f"{contender.name}: {e}") from e
    return Cost(**cost, server_ms=spent)


def take_turns(tools, contenders, runs, server=None):
    """Runs the programs in turns, so that a busy moment of the machine meets all of them. Returns their medians."""
    costs = {contender.name: [] for contender in contenders}
    for contender in contenders:
        if contender.most_runs > 1:
            run(tools, contender, server)  # once for the caches
    for turn in range(runs):
        for contender in contenders:
            if turn < contender.most_runs:
                costs[contender.name].append(run(tools, contender, server))
    return [medians(name, taken) for name, taken in costs.items()]


def medians(name, costs):
    def middle(pick):
        return statistics.median(pick(cost) for cost in costs)

    walls = [cost.wall_ms for cost in costs]
    return Result(
        name=name,
        runs=len(costs),
        wall_ms=middle(lambda c: c.wall_ms),
        cpu_ms=middle(lambda c: c.cpu_ms),
        user_ms=middle(lambda c: c.user_ms),
        peak_mb=middle(lambda c: c.peak_kb) / 1024,
        connections=middle(lambda c: c.opened),
        server_ms=middle(lambda c: c.server_ms),
        spread_ms=(min(walls), max(walls)),
    )
