# SPDX-License-Identifier: Apache-2.0
"""The place in which the lab runs: namespaces of its own where the system allows them, and ports.

Inside, there is a loopback interface and nothing else, so that no packet can leave the machine; host names
and the DNS server are the lab's; and when the runner dies, the kernel ends every process with it.
"""

import fcntl
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

MARK = "TLSDOCTOR_LAB_INSIDE"
RESOLVER = "127.0.0.53"
#: Names with the addresses that no system's own file gives them.
HOSTS = """\
127.0.0.1 localhost one.lab.test
127.0.0.1 two.lab.test
127.0.0.2 two.lab.test
127.0.0.1 six.lab.test
::1       six.lab.test
10.77.1.6 narrow.lab.test
10.77.2.6 narrow-up.lab.test
10.77.3.6 wide.lab.test
10.77.4.6 told.lab.test
10.77.5.6 told-up.lab.test
"""

_ports_given = set()
_ports_lock = threading.Lock()


def run_inside(work):
    """Calls `work(folder)` in namespaces of its own, with an empty folder that is removed afterwards.

    Where the system denies namespaces the work is done in the open. Returns what the work returned.
    """
    if os.environ.get(MARK):
        folder = Path(os.environ[MARK])
        _furnish(folder)
        return work(folder)
    with tempfile.TemporaryDirectory(prefix="tlsdoctor-lab-", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        command = ["unshare", *user, "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if _succeeds([*command, "true"]):
            return _run_again(command, name)
        print("lab: no namespaces here; cases with host names of their own will fail", file=sys.stderr)
        return work(Path(name))


def run_in_the_open(work):
    """Calls `work(folder)` on the machine's own network, for trials by hand."""
    with tempfile.TemporaryDirectory(prefix="tlsdoctor-lab-", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)
        return work(Path(name))


def _succeeds(command):
    """Tells whether a short command can be run at all."""
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run_again(command, folder):
    """Starts this program again behind `command`; killing it there takes every process inside with it."""
    environment = {**os.environ, MARK: folder}
    with subprocess.Popen([*command, sys.executable, *sys.argv], env=environment) as inner:
        signal.signal(signal.SIGTERM, lambda *_: inner.kill())
        try:
            return inner.wait()
        except KeyboardInterrupt:
            try:
                return inner.wait(5)  # the terminal has told it too
            except subprocess.TimeoutExpired:
                inner.kill()
                return inner.wait()


def _furnish(folder):
    """Brings loopback up and lays the lab's hosts and resolv.conf over the system's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up_and_running = struct.pack("16sh22x", b"lo", 0x1 | 0x40)
        fcntl.ioctl(any_socket, 0x8914, up_and_running)  # SIOCSIFFLAGS
    texts = {"/etc/hosts": HOSTS, "/etc/resolv.conf": f"nameserver {RESOLVER}\noptions timeout:1\n"}
    for path, text in texts.items():
        real = os.path.realpath(path)
        if os.path.exists(real):
            ours = folder / os.path.basename(path)
            ours.write_text(text)
            ours.chmod(0o644)
            subprocess.run(["mount", "--bind", ours, real], check=True, timeout=10)


def free_port():
    """Returns a port that nobody listens on, below the ephemeral ones, and never the same one twice."""
    while True:
        port = random.randrange(20000, 32000)
        with _ports_lock:
            if port in _ports_given:
                continue
            _ports_given.add(port)
        if _can_bind(socket.AF_INET, "0.0.0.0", port) and _can_bind(socket.AF_INET6, "::", port):
            return port


def _can_bind(family, address, port):
    """Tells whether the port is free; where there is no IPv6 it is free there."""
    try:
        with socket.socket(family) as probe:
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((address, port))
            return True
    except OSError:
        return family == socket.AF_INET6 and not os.path.exists("/proc/net/if_inet6")
