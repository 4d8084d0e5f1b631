#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures tlsdoctor beside sslscan, nmap and openssl, against one nginx on loopback, in one run.

    bench/run.py [--tlsdoctor PATH] [--runs N] [--json FILE]

The programs take turns, so that a busy moment of the machine meets all of them; the table shows medians of
whole processes with their children: wall time, CPU time (user and system), and TCP connections. Connections
are counted by a proxy of ours in runs of their own, which are not timed. A program that fails or does not
find TLS 1.2 and 1.3 ends the benchmark: the time of a wrong answer is worth nothing.
"""

import argparse
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 120  # seconds for one run of one program
VERSIONS = ("-tls1", "-tls1_1", "-tls1_2", "-tls1_3")

LOG_LINES = 100_000

CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
        return 204;
    }}
}}
"""


@dataclass
class Contender:
    """A program, what it is asked, and the words that a right answer holds (of stdout and stderr)."""

    name: str
    command: list
    wanted: tuple
    codes: tuple = (0,)


@dataclass
class Run:
    """One run of one program."""

    wall: float
    cpu: float


def contenders(tlsdoctor, host, port):
    """Returns who takes part against this address; the first is what the others are compared with."""
    at = f"{host}:{port}"
    # Each of the four ends with an error or a handshake; `-k` and the roots play no part in it.
    loop = "; ".join(f"openssl s_client {v} -connect {at} </dev/null 2>/dev/null" for v in VERSIONS)
    both = ("TLS 1.2", "TLS 1.3")
    return [
        Contender("tlsdoctor --versions-only", [tlsdoctor, "check", "--versions-only", "-v", at], both),
        Contender("tlsdoctor (full check)", [tlsdoctor, "check", "-k", "-v", at], both),
        Contender(
            "sslscan (version tests only)",
            [
                *("sslscan", "--no-colour", "--no-ciphersuites", "--no-fallback", "--no-renegotiation", "--no-groups"),
                *("--no-heartbleed", "--no-compression", "--no-check-certificate", at),
            ],
            ("TLSv1.2   enabled", "TLSv1.3   enabled"),
        ),
        Contender(
            "nmap --script ssl-enum-ciphers",
            ["nmap", "-n", "-Pn", "-p", str(port), "--script", "+ssl-enum-ciphers", host],
            ("TLSv1.2", "TLSv1.3"),
        ),
        # The last of the four decides the exit code: TLS 1.3 is accepted.
        Contender("openssl s_client, 4 versions", ["sh", "-c", loop], ("Protocol  : TLSv1.2", "New, TLSv1.3")),
        Contender("start alone: tlsdoctor --version", [tlsdoctor, "--version"], ("tlsdoctor",)),
        Contender("start alone: openssl version", ["openssl", "version"], ("OpenSSL",)),
    ]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_nginx(folder):
    """Starts nginx with a new certificate. Returns (process, port) as soon as it accepts."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port))
    log = folder / "error.log"
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    process = subprocess.Popen([nginx, "-e", log, "-c", configuration], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return process, port
        time.sleep(0.02)
    process.kill()
    raise RuntimeError("nginx did not start: " + (log.read_text() if log.exists() else "no log"))


class CountingProxy:
    """Passes connections on to a port and counts them."""

    def __init__(self, port):
        self.behind, self.count = port, 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return  # closed: the benchmark is over
            self.count += 1
            far = socket.create_connection(("127.0.0.1", self.behind))
            for pair in ((near, far), (far, near)):
                threading.Thread(target=self.pass_on, args=pair, daemon=True).start()

    @staticmethod
    def pass_on(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # the other thread was first


def measure(contender):
    """Runs a program once and checks its answer. Returns what it cost, its children included."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(contender.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        watch = threading.Timer(LIMIT, process.kill)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    missing = [words for words in contender.wanted if words not in text]
    if process.returncode not in contender.codes or missing:
        raise RuntimeError(f"{contender.name}: exit {process.returncode}, without {missing}:\n{text[-2000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime)


def connections(tlsdoctor, port):
    """Counts each program's connections, through the proxy."""
    counts = {}
    proxy = CountingProxy(port)
    for contender in contenders(tlsdoctor, "127.0.0.1", proxy.port):
        before = proxy.count
        measure(contender)
        counts[contender.name] = proxy.count - before
    proxy.listener.close()
    return counts


def results(tlsdoctor, port, runs):
    """Returns a row for each program."""
    field = contenders(tlsdoctor, "127.0.0.1", port)
    for contender in field:
        measure(contender)  # once for the caches
    taken = {contender.name: [] for contender in field}
    for _ in range(runs):
        for contender in field:
            taken[contender.name].append(measure(contender))
    counts = connections(tlsdoctor, port)
    rows = []
    for name, runs_of_it in taken.items():
        wall = statistics.median(run.wall for run in runs_of_it) * 1000
        cpu = statistics.median(run.cpu for run in runs_of_it) * 1000
        rows.append({"name": name, "wall_ms": wall, "cpu_ms": cpu, "connections": counts[name]})
    for row in rows:
        row["wall_ratio"] = row["wall_ms"] / rows[0]["wall_ms"]
    return rows


def log_results(tlsdoctor, folder, runs):
    """Returns a row for each log that `tlsdoctor explain` reads; three of ten lines are failures."""
    rows = []
    for name, options in (("equal but for their numbers", []), ("no two lines alike", ["--unique"])):
        log = folder / "explain.log"
        maker = ROOT / "bench/make_log.py"
        subprocess.run([sys.executable, maker, log, str(LOG_LINES), *options], check=True, timeout=LIMIT)
        contender = Contender(
            f"tlsdoctor explain, {LOG_LINES:,} lines, {name}",
            [tlsdoctor, "explain", "-f", str(log)],
            ("lines not recognised",),
        )
        taken = [measure(contender) for _ in range(max(1, runs // 3))]
        wall = statistics.median(run.wall for run in taken) * 1000
        cpu = statistics.median(run.cpu for run in taken) * 1000
        rows.append({"name": contender.name, "wall_ms": wall, "cpu_ms": cpu, "connections": 0})
    return rows


def table(rows):
    """Returns the rows as a Markdown table, ready for docs/performance.md."""
    lines = ["| program | wall ms | CPU ms | connections | wall, ratio |", "|---|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(
            f"| {row['name']} | {row['wall_ms']:.1f} | {row['cpu_ms']:.1f} | {row['connections']} "
            f"| {row['wall_ratio']:.2f} |"
        )
    return lines


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[0] if lines else "?"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tlsdoctor", default=str(ROOT / "build/release/tlsdoctor"))
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    tlsdoctor = str(Path(args.tlsdoctor).resolve())
    if not os.access(tlsdoctor, os.X_OK):
        print(f"{args.tlsdoctor} is not there: `make build` makes it", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        try:
            nginx, port = start_nginx(Path(name))
        except (OSError, RuntimeError, subprocess.SubprocessError) as e:
            print(f"bench: {e}", file=sys.stderr)
            return 1
        try:
            rows = results(tlsdoctor, port, max(1, args.runs))
            logs = log_results(tlsdoctor, Path(name), args.runs)
        except (RuntimeError, subprocess.SubprocessError) as e:
            print(f"bench: {e}", file=sys.stderr)
            return 1
        finally:
            nginx.terminate()
            nginx.wait(10)
    load = os.getloadavg()[0]
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}, load {load:.1f} at the end"
    print(f"nginx on loopback, TLS 1.2 and 1.3; medians of {args.runs} runs in turns; {machine}\n")
    print(*table(rows), sep="\n")
    print("\n| log | wall ms | CPU ms |", "|---|---:|---:|", sep="\n")
    print(*(f"| {row['name']} | {row['wall_ms']:.0f} | {row['cpu_ms']:.0f} |" for row in logs), sep="\n")
    if args.json:
        document = {"machine": machine, "runs": args.runs, "openssl": first_line("openssl", "version"), "rows": rows + logs}
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(document, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
