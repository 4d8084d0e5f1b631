# SPDX-License-Identifier: Apache-2.0
"""A network of the benchmark's own: a private namespace whose kernel counts our connections alone, and in it a
far network behind bench/relay.cpp, whose packets take half a round trip each way."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

INSIDE = "TLSDOCTOR_BENCH_INSIDE"
FAR = "10.67"  # the first two numbers of every far address; bench/relay.cpp has the same
DEVICE = "tlsfar"
SETTINGS = {
    "net/ipv4/ip_local_port_range": "10000 65000",
    "net/core/somaxconn": "65535",
    "net/ipv4/tcp_max_syn_backlog": "65535",
}


def enter():
    """Starts the program again inside a namespace of its own, where the system allows it. Returns why not, or None."""
    if os.environ.get(INSIDE):
        return None if os.environ[INSIDE] == "1" else os.environ[INSIDE]
    unshare = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    tried = subprocess.run([*unshare, "true"], capture_output=True, text=True, timeout=30, check=False)
    if tried.returncode == 0:
        os.environ[INSIDE] = "1"
        os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])
    return "no namespace of our own (" + tried.stderr.strip() + ")"


def prepare():
    """Switches loopback on and lets the kernel hold many connections."""
    ip("link", "set", "lo", "up")
    for name, value in SETTINGS.items():
        path = Path("/proc/sys") / name
        if path.exists():
            path.write_text(value)


def ip(*words):
    program = shutil.which("ip", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    subprocess.run([program or "ip", *words], check=True, capture_output=True, timeout=30)


class Relay:
    """The far network, as long as it is open."""

    def __init__(self, tools, round_trip_ms):
        # On one line before anything is set up: without /dev/net/tun it ends at once.
        self.process = subprocess.Popen(
            [tools / "relay", DEVICE, str(round_trip_ms)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        if self.process.stdout.readline().strip() != "ready":
            raise OSError(self.process.stderr.read().strip() or "the relay did not start")
        ip("link", "set", DEVICE, "txqueuelen", "100000", "up")
        for address in ("10.66.0.1/32", "10.66.0.2/32"):
            ip("addr", "add", address, "dev", DEVICE)
        ip("route", "add", f"{FAR}.0.0/16", "dev", DEVICE, "src", "10.66.0.1")
        time.sleep(0.1)

    def close(self):
        self.process.kill()
        self.process.wait(10)


def near(number):
    """Returns the address of the nth host of loopback."""
    return f"127.{1 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def far(number):
    """Returns the address of the nth host behind the relay."""
    return f"{FAR}.{number >> 8 & 255}.{number & 255}"
