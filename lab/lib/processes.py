# SPDX-License-Identifier: Apache-2.0
"""Starts and ends processes: each with a process group of its own, each ended with a deadline."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import place

START_SECONDS = 30
STOP_SECONDS = 3
RUN_SECONDS = 60

_live = set()
_live_lock = threading.Lock()


def start(command, **how):
    """Starts a command in a process group of its own and remembers it for `end_all`."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, **how)
    with _live_lock:
        _live.add(process)
    return process


def end(process):
    """Ends a process group: asks, waits a little, then insists."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    _signal(process, signal.SIGKILL)
    process.wait(STOP_SECONDS)
    with _live_lock:
        _live.discard(process)


def end_all():
    """Kills what is still alive, for an interrupted run."""
    with _live_lock:
        for process in _live:
            _signal(process, signal.SIGKILL)


def _signal(process, number):
    """Sends a signal to the group; that it may be gone already is no error."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def run(command, interrupt_after=None, seconds=RUN_SECONDS, **how):
    """Runs a command to its end, or interrupts it like Ctrl-C. Returns (exit code, stdout, stderr)."""
    process = start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", **how)
    deadline = time.monotonic() + seconds
    try:
        try:
            out, err = process.communicate(timeout=interrupt_after or seconds)
        except subprocess.TimeoutExpired:
            if not interrupt_after:
                raise
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=deadline - time.monotonic())
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        out, err = process.communicate()
        err += f"\nkilled after {seconds} s"
    end(process)
    return process.returncode, out, err


def accepts(host, port):
    """Tells whether a TCP connection can be made."""
    try:
        socket.create_connection((host, port), 1).close()
        return True
    except OSError:
        return False


class Server:
    """A case's running server: `with Server(case, folder, certificates) as server`."""

    def __init__(self, case, folder, certificates):
        self.case = case
        self.folder = folder / case.name
        self.folder.mkdir(mode=0o755)
        self.words = {"port": place.free_port(), "port2": place.free_port(), "pki": certificates}
        self.environment = {
            **os.environ,
            "LAB_LIB": os.path.dirname(os.path.abspath(__file__)),
            "LAB_RUN": str(self.folder),
            "LAB_PKI": str(certificates),
            "LAB_PORT": str(self.words["port"]),
            "LAB_PORT2": str(self.words["port2"]),
        }
        self.process = None

    def __enter__(self):
        with open(self.folder / "output.log", "wb") as output:
            self.process = start([self.case.folder / "up"], cwd=self.folder, env=self.environment,
                                 stdout=output, stderr=subprocess.STDOUT)  # fmt: skip
        return self

    def __exit__(self, *_):
        down = self.case.folder / "down"
        if down.exists():
            subprocess.run([down], cwd=self.folder, env=self.environment, timeout=RUN_SECONDS, check=False)
        end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, text):
        """Replaces {port}, {port2} and {pki}."""
        return text.format(**self.words)

    def is_ready(self, sign):
        """Tells whether an address accepts, or a file that the server makes is there."""
        if sign.startswith("file:"):
            return (self.folder / sign[5:]).exists()
        host, port = sign.rsplit(":", 1)
        return accepts(host.strip("[]"), int(port))

    def wait(self):
        """Waits for every sign of `ready`. Returns what is wrong, or an empty string."""
        deadline = time.monotonic() + START_SECONDS
        for sign in map(self.fill, self.case.expect.get("ready", ["127.0.0.1:{port}"])):
            while not self.is_ready(sign):
                if self.process.poll() is not None:
                    return f"the server ended with {self.process.returncode}: {self.output()}"
                if time.monotonic() > deadline:
                    return f"not ready after {START_SECONDS} s ({sign}): {self.output()}"
                time.sleep(0.02)
        return ""

    def output(self):
        """Returns the last words of the server."""
        text = (self.folder / "output.log").read_text(errors="replace")
        return " / ".join(text.strip().splitlines()[-3:]) or "it said nothing"
