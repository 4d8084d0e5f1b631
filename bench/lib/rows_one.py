# SPDX-License-Identifier: Apache-2.0
"""Rows 1 to 5: one host."""

import math

from lib import contenders, network, truth
from lib.measure import Contender, expects, medians, run, take_turns
from lib.table import Goal, Row, at_least, at_most

AT_ONCE = 16  # connections to one host
ROUND_TRIP = 50  # ms


def floor_of(bench, address, in_flight, targets, runs):
    """Returns the medians of the raw client of bench/raw_floor.cpp."""
    command = [bench.tools / "raw_floor", str(in_flight), str(bench.a.port), address, str(targets)]
    return take_turns(bench.tools, [Contender("floor", command, expects("answered"))], runs)[0]


def times_faster(results, name):
    """Returns how many times the wall time of ours another one needs."""
    other = next(result for result in results if result.name.startswith(name))
    return other.wall_ms / results[0].wall_ms


def versions_nearby(bench):
    row = Row(1, "one host, six versions")
    field = contenders.for_versions(bench.tlsdoctor, network.near(1), bench.a.port)
    row.results = take_turns(bench.tools, field + contenders.start(bench.tlsdoctor), bench.runs, bench.a)
    ours = row.results[0]
    floor = floor_of(bench, network.near(1), 6, 1, bench.runs)
    row.floor = f"{floor.wall_ms:.1f} ms wall, {floor.cpu_ms:.1f} ms CPU"
    row.goals = [
        at_most("<= 4 ms wall", ours.wall_ms, 4, "ms"),
        at_most("<= 3 ms CPU", ours.cpu_ms, 3, "ms CPU"),
        at_least("1.5 x faster than sslscan", times_faster(row.results, "sslscan, "), 1.5, "x"),
    ]
    return row


def truth_of(bench, server):
    """Asks OpenSSL's client for every suite, once for each server. Returns (pairs, its cost)."""
    if server not in bench.truths:
        said = []
        loop = contenders.suite_loop(network.near(1), server.port)
        loop.check = said.append
        cost = run(bench.tools, loop)
        bench.truths[server] = (truth.pairs_of_loop(said[0]), medians(loop.name, [cost]))
    return bench.truths[server]


def suites_nearby(bench):
    """Rows 2 and 3 are the same runs."""
    row, counts = Row(2, "one host, all suites"), Row(3, "connections for all suites")
    for name, server in (("A", bench.a), ("B", bench.b)):
        pairs, loop = truth_of(bench, server)
        field = contenders.for_suites(bench.tlsdoctor, network.near(1), server.port, pairs)
        results = [*take_turns(bench.tools, field, bench.runs, server), loop]
        row.goals += [
            at_most(f"{name}: <= 18 ms", results[0].wall_ms, 18, "ms"),
            at_least("4 x faster than sslscan", times_faster(results, "sslscan, "), 4, "x"),
        ]
        fewest = len(pairs) + 6
        limit = math.floor(fewest * 1.1)
        counts.goals.append(at_most(f"{name}: <= {limit}", results[0].connections, limit, "connections"))
        counts.floor += f"{name} {fewest} "
        others = ", ".join(f"{r.name} {r.connections:.0f}" for r in results[1:])
        counts.note += f"{name}: {len(pairs)} pairs and 6 versions; {others}. "
        row.results += [rename(result, name) for result in results]
    row.floor = "7-8 ms (prototype)"
    row.note = "The suites found are the very ones that OpenSSL's client connects with."
    return [row, counts]


def rename(result, server):
    result.name = f"{server}: {result.name}"
    return result


def versions_far_away(bench):
    row = Row(4, f"one host, versions, {ROUND_TRIP} ms round trip")
    # testssl.sh needs nine seconds for it: docs/performance.md.
    field = contenders.for_versions(bench.tlsdoctor, network.far(1), bench.a.port)[:-1]
    row.results = take_turns(bench.tools, field, min(bench.runs, 5), bench.a)
    floor = floor_of(bench, network.far(1), 6, 1, min(bench.runs, 5))
    row.floor = f"{floor.wall_ms:.0f} ms"
    row.goals = [at_most("<= 125 ms", row.results[0].wall_ms, 125, "ms")]
    return row


def suites_far_away(bench):
    row = Row(5, f"one host, all suites, {ROUND_TRIP} ms round trip, {AT_ONCE} connections at once")
    for name, server in (("A", bench.a), ("B", bench.b)):
        pairs, _ = truth_of(bench, server)
        field = contenders.for_suites(bench.tlsdoctor, network.far(1), server.port, pairs)
        # sslscan and testssl.sh ask one after the other: connections times two round trips.
        results = take_turns(bench.tools, field[:3:2], min(bench.runs, 3), server)
        row.goals.append(at_most(f"{name}: <= 700 ms", results[0].wall_ms, 700, "ms"))
        rounds = 1 + math.ceil(len(pairs) / AT_ONCE)  # six connections first, then a connection for each pair
        row.floor += f"{name} {rounds * 2 * ROUND_TRIP} ms "
        row.results += [rename(result, name) for result in results]
    row.floor += "(waits alone)"
    row.note = "sslscan asks in series: its connections of row 2 times two round trips."
    return row


def log_reading(bench):
    """Row 11, of no goal: `explain` reads logs of 100,000 lines, three of ten of them failures of TLS."""
    row = Row(11, "explain, 100,000 lines of log")
    for name, options in (("equal but for their numbers", []), ("no two lines alike", ["--unique"])):
        log = bench.folder / "explain.log"
        bench.make_log(log, options)
        words = [bench.tlsdoctor, "explain", "-f", str(log)]
        contender = Contender(f"tlsdoctor explain, {name}", words, expects("lines not recognised"))
        row.results += take_turns(bench.tools, [contender], max(1, bench.runs // 3))
    row.goals = [Goal("(no goal)", f"{row.results[0].wall_ms:.0f} and {row.results[1].wall_ms:.0f} ms", True)]
    return row
