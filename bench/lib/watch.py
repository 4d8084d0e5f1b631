# SPDX-License-Identifier: Apache-2.0
"""Watches a program while it runs: its memory and descriptors, and the connections of this network namespace."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Sample:
    at: float  # seconds since the start
    rss_kb: int
    descriptors: int
    established: int  # both ends of each are in this namespace


@dataclass
class Watched:
    code: int
    wall: float
    samples: list

    def most(self, field):
        return max((getattr(sample, field) for sample in self.samples), default=0)

    def between(self, first, last):
        """Returns the samples of a part of the run, given as shares of its time."""
        return [s for s in self.samples if first * self.wall <= s.at <= last * self.wall]


def established():
    """Returns how many connections this namespace holds; each has both its ends here."""
    rows = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Tcp:")]
    return int(dict(zip(rows[0], rows[1], strict=True))["CurrEstab"])


def sample(pid, began):
    status = Path(f"/proc/{pid}/status").read_text()
    rss = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return Sample(time.monotonic() - began, rss, len(os.listdir(f"/proc/{pid}/fd")), established())


def run(command, output, every, limit):
    """Runs a program to its end, or for `limit` seconds, and samples it every so many seconds."""
    with open(output, "wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    watch = threading.Timer(limit, process.kill)
    watch.start()
    samples = []
    while process.poll() is None:
        try:
            samples.append(sample(process.pid, began))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            pass  # it ended meanwhile
        time.sleep(every)
    watch.cancel()
    return Watched(process.returncode, time.monotonic() - began, samples)
