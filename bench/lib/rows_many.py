# SPDX-License-Identifier: Apache-2.0
"""Rows 6 to 10: a thousand hosts and more. They measure `scan --versions-only`."""

import os

from lib import contenders, network, servers, truth, watch
from lib.measure import Contender, expects, run, take_turns
from lib.rows_one import ROUND_TRIP, floor_of
from lib.table import Goal, Row, at_least, at_most

HOSTS = 1000
NMAP_HOSTS = 10  # nmap needs 75 s for a thousand
CANNED_HOSTS = 20_000
LONG_RUN = int(os.environ.get("TARGETS", "200000"))
SILENT_HOSTS, FEW = 4000, 16
# What `scan` keeps of each target so as not to visit it twice: a set of 16-byte digests, which grows in leaps.
KNOWN_AGAIN = 32
# zgrab2 is not in Debian. In the run that docs/performance.md cites it had 868 hosts/s where sslscan had 763.
ZGRAB2_TO_SSLSCAN = 868 / 763


def list_of(bench, name, address_of, port, hosts):
    path = bench.folder / f"{name}.txt"
    path.write_text("".join(f"{address_of(i)}:{port}\n" for i in range(1, hosts + 1)))
    return path


def fleet(bench, name, address_of, server, hosts, options=()):
    """Returns our contender over so many hosts of a server."""
    targets = list_of(bench, name, address_of, server.port, hosts)
    return contenders.for_fleet(bench.tlsdoctor, targets, bench.folder / f"{name}.jsonl", hosts, options)


def thousand_nearby(bench):
    """Rows 6 and 10 are the same runs."""
    row, cost = Row(6, f"{HOSTS:,} hosts, six versions"), Row(10, "server CPU per host, versions")
    targets = list_of(bench, "near", network.near, bench.a.port, HOSTS)
    few = list_of(bench, "few", network.near, bench.a.port, NMAP_HOSTS)
    field = [
        fleet(bench, "near", network.near, bench.a, HOSTS),
        contenders.sslscan_fleet(targets, HOSTS),
        Contender(
            f"nmap, {NMAP_HOSTS} hosts",
            [*contenders.NMAP, "-p", str(bench.a.port), *[line.split(":")[0] for line in few.read_text().split()]],
            expects("TLSv1.3"),
            most_runs=contenders.SLOW,
        ),
    ]
    row.results = take_turns(bench.tools, field, bench.runs, bench.a)
    ours, sslscan = row.results[:2]
    floor = floor_of(bench, network.near(1), 64, HOSTS, min(bench.runs, 5))
    rate, theirs = HOSTS / ours.wall_ms * 1e3, HOSTS / sslscan.wall_ms * 1e3
    row.floor = f"{HOSTS / floor.wall_ms * 1e3:,.0f} hosts/s"
    row.goals = [
        at_least(">= 3,700 hosts/s", rate, 3700, "hosts/s"),
        at_least("4 x sslscan", rate / theirs, 4, "x"),
        at_least("4 x zgrab2 (cited)", rate / (theirs * ZGRAB2_TO_SSLSCAN), 4, "x"),
    ]
    cost.goals = [at_most("<= 0.25 ms", ours.server_ms / HOSTS, 0.25, "ms")]
    cost.floor = f"{floor_server(bench):.2f} ms"
    cost.note = f"sslscan {sslscan.server_ms / HOSTS:.2f} ms; the kernel's work for the server's sockets included."
    return [row, cost]


def floor_server(bench):
    command = [bench.tools / "raw_floor", "64", str(bench.a.port), network.near(1), str(HOSTS)]
    return run(bench.tools, Contender("floor", command, expects("answered")), bench.a).server_ms / HOSTS


def thousand_far_away(bench):
    row = Row(7, f"{HOSTS:,} hosts, {ROUND_TRIP} ms round trip")
    runs = min(bench.runs, 5)
    few = list_of(bench, "far-few", network.far, bench.a.port, NMAP_HOSTS)
    serial = contenders.sslscan_fleet(few, NMAP_HOSTS)
    serial.name += f", {NMAP_HOSTS} hosts"
    serial.most_runs = contenders.SLOW
    field = [fleet(bench, "far", network.far, bench.a, HOSTS), serial]
    row.results = take_turns(bench.tools, field, runs, bench.a)
    floor = floor_of(bench, network.far(0), HOSTS * 6, HOSTS, runs)
    row.floor = f"{floor.wall_ms:.0f} ms"
    row.goals = [at_most("<= 700 ms", row.results[0].wall_ms, 700, "ms")]
    return row


def cpu_per_probe(bench):
    row = Row(8, "CPU per probe, canned answers, verdict and JSON included")
    canned = servers.start_small(bench.tools, "canned_server")
    try:
        ours = fleet(bench, "canned", network.near, canned, CANNED_HOSTS)
        floor = Contender(
            "raw epoll client",
            [bench.tools / "raw_floor", "64", str(canned.port), network.near(1), str(CANNED_HOSTS)],
            expects("answered"),
        )
        theirs = contenders.sslscan_fleet(list_of(bench, "sslscan", network.near, canned.port, HOSTS), HOSTS)
        row.results = take_turns(bench.tools, [ours, floor, theirs], min(bench.runs, 5), canned)
    finally:
        canned.close()
    per_probe = [(r.cpu_ms * 1e3 / r.connections, r.user_ms * 1e3 / r.connections) for r in row.results]
    row.floor = f"{per_probe[1][0]:.1f} us, user {per_probe[1][1]:.1f}"
    row.goals = [
        at_most("<= 27 us", per_probe[0][0], 27, "us"),
        at_most("user <= 5 us", per_probe[0][1], 5, "us user"),
    ]
    row.note = f"{CANNED_HOSTS:,} hosts; sslscan {HOSTS:,} hosts, {per_probe[2][0]:.0f} us without JSON."
    return row


def peak_of(bench, server, hosts, name):
    """Scans hosts that never answer. Returns (peak memory in KiB, most probes in flight)."""
    options = ("--timeout", "2", "--concurrency", "16000", "--deadline", "10")
    contender = fleet(bench, name, network.near, server, hosts, options)
    seen = watch.run(contender.command, bench.folder / "watched.txt", 0.01, 120)
    if seen.code not in (0, 1, 3, 4):
        raise truth.WrongAnswer((bench.folder / "watched.txt").read_text()[-1000:])
    truth.wants_lines(bench.folder / f"{name}.jsonl", hosts, None)("")
    return seen.most("rss_kb"), seen.most("established") // 2


def memory(bench):
    row = Row(9, "memory")
    silent = servers.start_small(bench.tools, "canned_server", "silent")
    try:
        least, few = peak_of(bench, silent, FEW, "silent-few")
        most, many = peak_of(bench, silent, SILENT_HOSTS, "silent")
    finally:
        silent.close()
    each = (most - least) / max(1, many - few)
    grown, rss = growth(bench)
    text = f"flat over {LONG_RUN:,} targets, but for the bytes that know a target again (<= {KNOWN_AGAIN} each)"
    row.goals = [
        at_most("<= 6 KiB per probe in flight", each, 6, "KiB"),
        Goal(text, f"{grown:.1f} bytes a target, {rss:.1f} MB at the end", grown <= KNOWN_AGAIN),
    ]
    row.note = (
        f"{many:,} probes in flight: {most / 1024:.1f} MB, {few}: {least / 1024:.1f} MB. Growth: memory at the end "
        "against memory after a quarter of the time."
    )
    return row


def growth(bench):
    """Scans a long list. Returns by how many bytes a target memory grew after a quarter of them, and its end in MB."""
    canned = servers.start_small(bench.tools, "canned_server")
    try:
        contender = fleet(bench, "long", network.near, canned, LONG_RUN)
        seen = watch.run(contender.command, bench.folder / "watched.txt", 0.05, 600)
    finally:
        canned.close()
    if seen.code not in (0, 1):
        raise truth.WrongAnswer((bench.folder / "watched.txt").read_text()[-1000:])
    contender.check("")
    early = max(s.rss_kb for s in seen.between(0.15, 0.25))
    late = max(s.rss_kb for s in seen.between(0.9, 1.0))
    return max(0, late - early) * 1024 / (0.75 * LONG_RUN), late / 1024
