# SPDX-License-Identifier: Apache-2.0
"""Real servers with the recorded configurations: predictions, trials, fixes and ways back, all of it live."""

import itertools
import json
import os
import stat
import subprocess
import time
from pathlib import Path

import config_cases as cases
import place
import processes

START_SECONDS = 25
#: The cases that are started.
LIVE = (
    "nginx/ciphers-per-sni-work", "nginx/default-modern-kills-vhost", "nginx/letsencrypt-include-union",
    "nginx/odd-quoting-multiline", "apache/bare-list-last-wins", "apache/name-based-inherits-base",
    "apache/define-variables", "apache/mod-macro-vhosts", "haproxy/crt-list-per-sni",
    "haproxy/maxver-below-default-min", "haproxy/env-and-conditionals", "postfix/default-37",
    "postfix/may-ignores-mandatory", "dovecot/default-23", "dovecot/local-name-min-protocol",
)  # fmt: skip
#: Those whose fix is applied to the running server; the value is the start command that can be told to reload.
APPLIED = {
    "nginx/default-modern-kills-vhost": None,
    "nginx/letsencrypt-include-union": None,
    "apache/bare-list-last-wins": None,
    "haproxy/maxver-below-default-min": "exec haproxy -W -p {folder}/haproxy.pid -f {folder}/haproxy.cfg\n",
    "postfix/may-ignores-mandatory": None,
    "dovecot/local-name-min-protocol": None,
}
#: The ways in which applying fails. Postfix starts new processes all the time, which read the new files without being
#: told; so a reload that does nothing is one that did.
FAILURES = {"postfix": ("test-fails", "reload-fails"), None: ("test-fails", "nothing-changes", "reload-fails")}
#: Which program is asked to test, and to reload, by which word of its command line.
PROGRAMS = {
    "nginx": ("nginx", "-t", "nginx", "-s"),
    "apache": ("apache2", "-t", "apache2", "-k"),
    "haproxy": ("haproxy", "-c", "kill", "-USR2"),
    "postfix": ("postfix", "check", "postfix", "reload"),
    "dovecot": ("doveconf", "-n", "doveadm", "reload"),
}
_numbers = itertools.count(1)


class Running:
    """A case's server, started as its start.sh says: `with Running(case)`."""

    def __init__(self, case):
        self.case = case
        self.log = case.folder / "start.log"

    def __enter__(self):
        with self.log.open("wb") as log:
            self.process = processes.start(["bash", self.case.folder / "start.sh"], cwd=self.case.folder, stdout=log,
                                           stderr=subprocess.STDOUT)  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        waiting = {(probe["addr"], self.case.ports[int(probe["port"][1:])]) for probe in self.case.expected["probes"]}
        while waiting := {one for one in waiting if not processes.accepts(*one)}:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"the server does not start: {self.log.read_text(errors='replace')[-400:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        processes.end(self.process)


def render(name, work, pki, suffix, script=None):
    """Renders a case on free ports; `script` is another end of its start.sh."""
    # Names of sockets have 107 bytes at most, and Dovecot's are deep in this folder.
    folder = work / f"{name.split('/')[0]}-{suffix}-{next(_numbers)}"
    case = cases.render(name, folder, pki, [place.free_port() for _ in range(6)])
    if script:
        (folder / "start.sh").write_text("#!/bin/bash\n" + script.format(folder=folder))
    return case


def config(tlsdoctor, case, *options, environment=None):
    """Runs `tlsdoctor config`; what it puts on trial has a folder that `leftovers` looks into."""
    own = {"TMPDIR": str(trials_in(case.folder.parent)), **(environment or {})}
    return cases.config(tlsdoctor, case, *options, environment=own)


def trials_in(work):
    """Returns the folder in which the private folders of trials are made."""
    return work / "t"


def leftovers(work):
    """Yields the folders of trials that are still there and, where we have a place of our own, the processes."""
    yield from (str(path) for path in trials_in(work).iterdir())
    deadline = time.monotonic() + processes.STOP_SECONDS
    while (alive := others_alive()) and time.monotonic() < deadline:
        time.sleep(0.05)
    yield from alive


def others_alive():
    """Returns the names of the processes beside us; outside of a place of our own there is no telling."""
    if os.getpid() != 1:
        return []
    names = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = path.read_text(errors="replace").split(" (", 1)
        except OSError:
            continue  # it has just ended
        name, facts = rest.rsplit(") ", 1)
        if pid != "1" and facts[0] not in "ZX":
            names.append(f"process {name}")
    return names


def asked(tlsdoctor, case, probe):
    """Returns the versions that the wire accepts."""
    command = [tlsdoctor, "check", "--json", "-k", "--versions-only", case.address(probe)]
    command += ["--sni", probe["sni"]] if probe["sni"] else ["--no-sni"]
    command += ["--starttls", probe["starttls"] or "none"]
    run = subprocess.run(command, capture_output=True, timeout=cases.RUN_SECONDS, check=False)
    versions = json.loads(run.stdout)["endpoints"][0]["versions"]
    return [one["version"] for one in versions if one["outcome"] == "accepted"]


def wire_differences(tlsdoctor, case, document, results):
    """Yields where prediction, recording and wire are not the same three times."""
    for probe, result in zip(case.expected["probes"], results, strict=True):
        if probe.get("offer"):
            continue
        endpoint = cases.endpoint_for(document, case.address(probe), probe["sni"], probe["starttls"])
        said, want = cases.accepted(document, endpoint, None), cases.measured(result)
        seen = asked(tlsdoctor, case, probe)
        if not said == want == seen:
            yield f"{case.address(probe)} {probe['sni']}: said {said}, recorded {want}, on the wire {seen}"


def first_goal(case):
    """Returns the options for the first probe that the recorded fix changes."""
    for probe, result in cases.changed_probes(case):
        return cases.goal_of(case, probe, result)
    return []


def story(document):
    """Returns the steps of an action in one line."""
    steps = (document.get("action") or {}).get("steps", [])
    return "; ".join(f"{one['what']}: {one['state']} {one['detail'] or ''} {one['output'] or ''}" for one in steps)


def check_prediction(tlsdoctor, name, work, pki):
    """Compares files and wire, and lets `--verify` try the fix while the server runs."""
    case = render(name, work, pki, "read")
    with Running(case):
        document = config(tlsdoctor, case)
        results = [probe.get("measured") for probe in case.expected["probes"]]
        yield from wire_differences(tlsdoctor, case, document, results)
        goal = first_goal(case)
        before = snapshot(case.folder)
        tried = config(tlsdoctor, case, *goal, "--verify") if goal else None
        if tried and not (tried["action"] and tried["action"]["verified"]):
            yield f"--verify: {story(tried) or 'nothing was done'}"
        yield from (f"--verify changed {one}" for one in changed(before, snapshot(case.folder), set()))


def snapshot(folder):
    """Returns what stands in a folder: kind, mode, owner, content of each file; logs and sockets are left out."""
    seen = {}
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        below = str(path.relative_to(folder))
        if below.split("/")[0] in ("spool", "data", "log", "run") or below.endswith((".log", ".pid")):
            continue
        if stat.S_ISLNK(facts.st_mode):
            seen[below] = ("link", os.readlink(path))
        elif stat.S_ISREG(facts.st_mode):
            seen[below] = (stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid, path.read_bytes())
    return seen


def changed(before, after, allowed):
    """Yields the names that are different, but for `allowed`."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name) and name not in allowed:
            yield name


def edited(case, document):
    """Returns the files that the fix edits, below the case's folder."""
    edits = document["fixes"][0]["edits"] if document["fixes"] else []
    return {os.path.relpath(edit["file"], os.path.realpath(case.folder)) for edit in edits}


def make_odd(case):
    """Gives the main file an unusual mode and owner, and makes it a symbolic link."""
    real = case.main.with_name("real-" + case.main.name)
    case.main.rename(real)
    real.chmod(0o640)
    if os.geteuid() == 0 and case.server != "postfix":
        os.chown(real, 0, 33)
    case.main.symlink_to(real.name)


def check_applied(tlsdoctor, name, work, pki):
    """Applies the fix to the running server and looks at the wire and at the files."""
    case = render(name, work, pki, "apply", APPLIED[name])
    make_odd(case)
    with Running(case):
        before = snapshot(case.folder)
        document = config(tlsdoctor, case, *first_goal(case), "--apply", "--reload")
        action = document["action"] or {}
        if not (action.get("applied") and action.get("verified")) or action.get("rolled_back"):
            yield f"--apply: {story(document) or 'nothing was done'}"
            return
        files = edited(case, document)
        after = snapshot(case.folder)
        backups = {f"{one}.tlsdoctor.orig" for one in files}
        yield from (f"--apply changed {one}" for one in changed(before, after, files | backups))
        for one in files:
            if after[f"{one}.tlsdoctor.orig"] != before[one]:
                yield f"the backup of {one} is not what {one} was"
            if after[one][:3] != before[one][:3]:
                yield f"{one} has another mode or owner"
        again = config(tlsdoctor, case)
        yield from wire_differences(tlsdoctor, case, again, case.expected["fix"]["after"])


def failing(case, program, word, code):
    """Returns an environment in which a program fails, or does nothing, when called with a word."""
    folder = case.folder.with_name(case.folder.name + "-bin")
    folder.mkdir()
    real = subprocess.run(["which", program], check=True, capture_output=True, text=True).stdout.strip()
    wrapper = folder / program
    wrapper.write_text(f'#!/bin/sh\nfor one in "$@"; do [ "$one" = "{word}" ] && exit {code}; done\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def check_rollback(tlsdoctor, name, work, pki, kind):
    """Lets the test fail, the reload fail, or the reload do nothing; all must be as it was."""
    case = render(name, work, pki, kind, APPLIED[name])
    tests, test_word, reloads, reload_word = PROGRAMS[case.server]
    program, word, code = {
        "test-fails": (tests, test_word, 1),
        "reload-fails": (reloads, reload_word, 1),
        "nothing-changes": (reloads, reload_word, 0),
    }[kind]
    with Running(case):
        before = snapshot(case.folder)
        environment = failing(case, program, word, code)
        document = config(tlsdoctor, case, *first_goal(case), "--apply", "--reload", environment=environment)
        action = document["action"] or {}
        if action.get("applied") or not action.get("rolled_back"):
            yield f"--apply was not undone: {story(document) or 'nothing was done'}"
        yield from (f"after the way back {one} differs" for one in changed(before, snapshot(case.folder), set()))
        results = [probe.get("measured") for probe in case.expected["probes"]]
        yield from wire_differences(tlsdoctor, case, config(tlsdoctor, case), results)


def jobs(only):
    """Yields (what, function, arguments) for each live check."""
    def wanted(name):
        return not only or any(name.startswith(start) for start in only)

    for name in filter(wanted, LIVE):
        yield f"{name}: predicted and tried", check_prediction, (name,), ()
    for name in filter(wanted, APPLIED):
        yield f"{name}: applied", check_applied, (name,), ()
    for number, name in enumerate(filter(wanted, APPLIED)):
        kinds = FAILURES.get(name.split("/")[0], FAILURES[None])
        for kind in (kinds[number % len(kinds)], kinds[(number + 1) % len(kinds)]):
            yield f"{name}: {kind}", check_rollback, (name,), (kind,)


def run(tlsdoctor, only, work, pki):
    """Runs all live checks, one after the other; returns how many failed."""
    failed = total = 0
    trials_in(work).mkdir(mode=0o755)
    for what, check, first, last in jobs(only):
        total += 1
        try:
            faults = list(check(tlsdoctor, *first, work, pki, *last))
        except (RuntimeError, OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
            faults = [repr(error)]
        faults += [f"left behind: {one}" for one in leftovers(work)]
        failed += bool(faults)
        print(f"{'FAILED' if faults else 'ok':6}  {what}")
        for fault in faults:
            print(f"        {fault}")
    print(f"config_check: live: {total - failed} passed, {failed} failed")
    return failed
