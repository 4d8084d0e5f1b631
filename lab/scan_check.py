#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Scans hundreds of targets on loopback and holds `tlsdoctor scan` to what it promises.

  lab/scan_check.py [--tlsdoctor PATH] [--seed N] [TEST...]

A real nginx and scripted peers (silent, slow, resetting, garbage, refusing) listen on every address of 127/8. Each
target must come out exactly once, with the verdict that `check` gives, whatever happens to the run: kill -9 at random
moments and --resume until it is done, Ctrl-C, a closed pipe, a full disk, no descriptors. Who is excluded must not see
a connection.
"""

import argparse
import json
import random
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

LAB = Path(__file__).resolve().parent
#: Per answer, so that silent servers do not make the test long.
LIMITS = ["--timeout", "0.7", "--connect-timeout", "2", "--deadline", "20"]
ALERT_40 = bytes([0x15, 3, 3, 0, 2, 2, 40])
NGINX = """
daemon off; master_process off; pid {run}/nginx.pid; error_log {run}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {run}; proxy_temp_path {run}; fastcgi_temp_path {run}; uwsgi_temp_path {run}; scgi_temp_path {run};
  server {{
    listen 0.0.0.0:{port} ssl backlog=1024; ssl_certificate {run}/cert.pem; ssl_certificate_key {run}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3; return 200 "ok";
  }}
}}
"""


def free_port():
    """Returns a port that is free on every address."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


class Peer:
    """A scripted server on every address; remembers at which of them it was called."""

    def __init__(self, behave):
        self.behave, self.called = behave, set()
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("0.0.0.0", 0))
        self.socket.listen(1024)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            self.called.add(connection.getsockname()[0])
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        try:
            connection.settimeout(5)
            if connection.recv(65536):
                self.behave(connection)
        except OSError:
            pass
        finally:
            connection.close()


def silent(connection):
    connection.recv(1)


def slow(connection):
    time.sleep(0.2)
    for byte in ALERT_40:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def resetting(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def garbage(connection):
    connection.sendall(b"\x00\xffthese are no records of TLS\x00" * 3)


def refusing(connection):
    connection.sendall(ALERT_40)


class Fleet:
    """The servers of the test."""

    def __init__(self, folder):
        self.folder = folder
        self.peers = {behave.__name__: Peer(behave) for behave in (silent, slow, resetting, garbage, refusing)}
        self.ports = {name: peer.port for name, peer in self.peers.items()}
        self.ports["nginx"] = free_port()
        self.ports["closed"] = free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(run=folder, port=self.ports["nginx"]))
        self.nginx = subprocess.Popen(["nginx", "-p", folder, "-e", folder / "error.log", "-c", config])
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.ports["nginx"])) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("nginx did not start")

    def targets(self, counts):
        """Returns `address:port` -> kind for so many hosts of each kind, each on an address of its own."""
        made, number = {}, 0
        for kind, count in counts.items():
            for _ in range(count):
                number += 1
                made[f"127.{1 + number // 60000}.{number // 250 % 250}.{1 + number % 250}:{self.ports[kind]}"] = kind
        return made


class Faults(list):
    """What went wrong in a test."""

    def expect(self, holds, what):
        if not holds:
            self.append(what)


class Run:
    """One test's way to call the program."""

    def __init__(self, args, fleet, folder):
        self.program, self.fleet, self.folder, self.seed = str(args.tlsdoctor.resolve()), fleet, folder, args.seed
        self.faults = Faults()
        self.random = random.Random(args.seed)

    def scan(self, *words, **how):
        how.setdefault("timeout", 120)
        return subprocess.run([self.program, "scan", *LIMITS, *map(str, words)], capture_output=True, text=True, **how)

    def start(self, *words):
        return subprocess.Popen([self.program, "scan", *LIMITS, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def list_of(self, targets, name="list"):
        path = self.folder / name
        lines = list(targets)
        self.random.shuffle(lines)
        path.write_text("# targets\r\n" + "".join(line + "\r\n" for line in lines))
        return path

    def verdicts(self, lines, what):
        """Returns target -> cause; complains about lines that are no results and targets that come twice."""
        seen = {}
        for line in lines:
            document = json.loads(line)
            name = document["target"]["input"]
            self.faults.expect(document["command"] == "scan" and "evidence" not in document, f"{what}: no line of scan: {name}")
            self.faults.expect(name not in seen, f"{what}: {name} came twice")
            seen[name] = document["verdict"]["cause"]
        return seen

    def hold(self, targets, seen, causes, what):
        """Every target once, each with the cause of its kind."""
        self.faults.expect(set(seen) == set(targets), f"{what}: {len(set(targets) - set(seen))} targets are missing")
        wrong = {(kind, seen[name]) for name, kind in targets.items() if name in seen and seen[name] != causes[kind]}
        self.faults.expect(not wrong, f"{what}: verdicts differ from those of check: {sorted(wrong)}")

    def causes(self, *words):
        """Returns kind -> cause as `check` has it."""
        made = {}
        for kind, port in self.fleet.ports.items():
            done = subprocess.run([self.program, "check", "--json", *LIMITS, *words, f"127.0.0.1:{port}"], capture_output=True, text=True)
            made[kind] = json.loads(done.stdout)["verdict"]["cause"]
        return made


def same_as_check(run):
    """Whole visits have the verdicts of `check`, and the exit code is the worst of all."""
    import jsonschema

    targets = run.fleet.targets({kind: 3 for kind in run.fleet.ports})
    causes = run.causes("-k")
    done = run.scan("-iL", run.list_of(targets), "-k")
    lines = done.stdout.splitlines()
    run.hold(targets, run.verdicts(lines, "whole visits"), causes, "whole visits")
    run.faults.expect(done.returncode == 1, f"whole visits: exit code {done.returncode}")
    run.faults.expect("verdicts" in done.stderr, "whole visits: no summary")
    schema = json.loads((LAB.parent / "schema" / "check.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    for line in lines[:7]:
        for fault in list(validator.iter_errors(json.loads(line)))[:1]:
            run.faults.append(f"whole visits: not of the schema: {fault.message[:200]}")


def killed_and_resumed(run):
    """kill -9 at random moments, the last line torn, until the run is done."""
    targets = run.fleet.targets({"nginx": 150, "silent": 12, "slow": 12, "resetting": 20, "garbage": 20, "refusing": 40, "closed": 30})
    causes, listed, output = run.causes("--versions-only"), run.list_of(targets), run.folder / "resumed.jsonl"
    words = ["-iL", listed, "-oJ", output, "--resume", "--versions-only", "--concurrency", "40"]
    kills = 0
    for _ in range(12):
        process = run.start(*words)
        try:
            process.wait(run.random.uniform(0.05, 0.9))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
        if output.exists() and run.random.random() < 0.7:  # as if the machine had lost the end of it
            size = output.stat().st_size
            with output.open("r+b") as file:
                file.truncate(size - run.random.randrange(min(size, 3000) + 1))
    done = run.scan(*words)
    run.faults.expect(done.returncode == 1, f"resumed: exit code {done.returncode}: {done.stderr[-300:]}")
    run.hold(targets, run.verdicts(output.read_text().splitlines(), "resumed"), causes, f"resumed after {kills} kills")
    before = output.read_bytes()
    again = run.scan(*words)
    run.faults.expect(again.returncode == 1 and output.read_bytes() == before, "a finished run that is resumed changes its output")


def interrupted(run):
    """Ctrl-C: complete lines only, and the rest on resume."""
    targets = run.fleet.targets({"nginx": 60, "silent": 24, "refusing": 40})
    listed, output = run.list_of(targets), run.folder / "interrupted.jsonl"
    words = ["-iL", listed, "-oJ", output, "--versions-only", "--concurrency", "32"]
    process = run.start(*words)
    time.sleep(0.6)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    text = output.read_text()
    run.faults.expect(process.returncode in (1, 4), f"interrupted: exit code {process.returncode}")
    run.faults.expect(text == "" or text.endswith("\n"), "interrupted: a torn line")
    seen = run.verdicts(text.splitlines(), "interrupted")
    run.faults.expect(len(seen) < len(targets), "interrupted: it was done already")
    run.faults.expect(b"unfinished" in errors, "interrupted: the summary does not say so")
    run.scan(*words, "--resume")
    run.hold(targets, run.verdicts(output.read_text().splitlines(), "interrupted"), run.causes("--versions-only"), "interrupted")


def outputs_that_fail(run):
    """A closed pipe ends the run without a word, a full disk with one."""
    listed = run.list_of(run.fleet.targets({"refusing": 300}))
    program = [run.program, "scan", *LIMITS, "--versions-only", "-iL", str(listed)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        json.loads(process.stdout.readline())
        process.stdout.close()
        errors = process.stderr.read().decode()
    run.faults.expect(process.returncode == 5, f"closed pipe: exit code {process.returncode}")
    run.faults.expect("cannot write" not in errors, "closed pipe: it complains")
    done = run.scan("--versions-only", "-iL", listed, "-oJ", "/dev/full")
    run.faults.expect(done.returncode == 5, f"full disk: exit code {done.returncode}")
    run.faults.expect(done.stderr.count("No space left") == 1, "full disk: told once")
    there = run.folder / "there"
    there.write_text("mine\n")
    for words, code in ((["-oJ", there], 2), (["-oJ", there, "--resume"], 2), (["--resume"], 2)):
        done = run.scan("--versions-only", "-iL", listed, *words)
        run.faults.expect(done.returncode == code, f"{words}: exit code {done.returncode}")
    run.faults.expect(there.read_text() == "mine\n", "a file of somebody else was changed")
    done = run.scan("--resume", "-oJ", run.folder / "new", "-iL", "-", input="127.0.0.1\n")
    run.faults.expect(done.returncode == 2, "--resume with standard input is allowed")


def excluded(run):
    """The excluded see no connection: addresses, blocks, what a name leads to."""
    peer = run.fleet.peers["refusing"]
    peer.called.clear()
    exclude = run.folder / "exclude"
    exclude.write_text("127.200.0.0/29\n127.200.0.9\n127.0.0.0/24 # what localhost is\n::1\n")
    done = run.scan("127.200.0.0/28", f"localhost:{peer.port}", "-p", peer.port, "--exclude", exclude, "--versions-only", "-q")
    lines = done.stdout.splitlines()
    run.faults.expect(len(lines) == 7, f"excluded: {len(lines)} lines: {done.stderr[-300:]}")
    called = {address for address in peer.called if address.startswith(("127.200.", "127.0.0."))}  # not late ones of other tests
    run.faults.expect(called == {f"127.200.0.{n}" for n in (8, 10, 11, 12, 13, 14, 15)}, f"excluded: connections to {sorted(called)}")
    run.faults.expect("leads to" in done.stderr, "excluded: nothing is said of the name")
    (run.folder / "bad").write_text("127.0.0.0/99\n")
    done = run.scan("127.200.0.0/28", "--exclude", run.folder / "bad")
    run.faults.expect(done.returncode == 2 and not done.stdout, "a mistake in the list of the excluded is passed over")


def without_descriptors(run):
    """Few descriptors make a run slow, never wrong."""
    targets = run.fleet.targets({"nginx": 60, "refusing": 40, "silent": 4})
    causes = run.causes("--versions-only")

    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (90, 90))

    done = run.scan("-iL", run.list_of(targets), "--versions-only", "--concurrency", "5000", preexec_fn=limit)
    run.hold(targets, run.verdicts(done.stdout.splitlines(), "few descriptors"), causes, "few descriptors")
    run.faults.expect("the system allows 90 descriptors" in done.stderr, f"few descriptors: not told: {done.stderr[:200]}")


def lists(run):
    """nmap's outputs, rows, blocks, standard input, bad lines."""
    port = run.fleet.ports["refusing"]
    text = (
        f"\ufeff127.9.0.1:{port}\r\n127.9.0.1:{port} # twice\n127.9.0.2,a.example,,{port}\n127.9.1.0/31:{port}\nno host:x\n"
        f"# Nmap 7.93 scan initiated now as: nmap -n -oG -\nHost: 127.9.0.3 ()\tPorts: {port}/open/tcp//https///, 1/closed/tcp/////\n"
    )
    done = run.scan("-iL", "-", "--versions-only", "-q", input=text)
    run.faults.expect(done.returncode == 1, f"lists: exit code {done.returncode}")
    run.faults.expect(len(done.stdout.splitlines()) == 5, f"lists: {done.stdout} {done.stderr}")
    run.faults.expect("standard input:5: " in done.stderr, f"lists: the bad line is not told: {done.stderr[:300]}")
    xml = run.folder / "nmap.xml"
    xml.write_text(
        '<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun><host><status state="up"/><address addr="127.9.0.4" addrtype="ipv4"/>'
        f'<ports><port protocol="tcp" portid="{port}"><state state="open"/></port></ports></host></nmaprun>'
    )
    done = run.scan("-iL", xml, "--versions-only", "-q")
    run.faults.expect(f"127.9.0.4:{port}" in done.stdout and len(done.stdout.splitlines()) == 1, f"nmap's XML: {done.stdout} {done.stderr}")


TESTS = (same_as_check, killed_and_resumed, interrupted, outputs_that_fail, excluded, without_descriptors, lists)


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("tests", nargs="*", metavar="TEST")
    args = parser.parse_args()
    print(f"seed {args.seed}")
    failed = 0
    with tempfile.TemporaryDirectory() as made:
        fleet = Fleet(Path(made))
        try:
            for test in TESTS:
                if args.tests and test.__name__ not in args.tests:
                    continue
                begun, folder = time.monotonic(), Path(made) / test.__name__
                folder.mkdir()
                run = Run(args, fleet, folder)
                test(run)
                failed += bool(run.faults)
                print(f"{'FAILED' if run.faults else 'ok':6}  {test.__name__:20}  {time.monotonic() - begun:.1f} s")
                for fault in run.faults[:10]:
                    print(f"        {fault}")
        finally:
            fleet.nginx.terminate()
            fleet.nginx.wait(10)
    print(f"scan: {failed} of {len(TESTS)} failed" if failed else "scan: all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
