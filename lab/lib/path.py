#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts a server behind a path: a router and a server in network namespaces of their own, joined by veth pairs.

  path.py --number N [--narrow to_client|to_server [--told]] COMMAND...  the server is 10.77.N.6, a router is between
  path.py --rst COMMAND...                                 on loopback: payload to $LAB_PORT is reset

A narrow direction carries packets of at most --mtu bytes, and the router's word on it (ICMP "fragmentation needed")
is lost, as it is behind many firewalls; with --told it arrives. Everything ends with the processes inside. Works in the lab's own namespace
only, so that no trial touches the machine's network.
"""

import argparse
import os
import subprocess
import sys
import time

READY_SECONDS = 5


def run(*command, stdin=None):
    """Runs a short command; its failure ends the case."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=READY_SECONDS, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")


def namespace():
    """Starts a process with a network namespace of its own and returns its number."""
    mine = os.readlink("/proc/self/ns/net")
    holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + READY_SECONDS
    while os.readlink(f"/proc/{holder.pid}/ns/net") == mine:
        if holder.poll() is not None or time.monotonic() > deadline:
            sys.exit("no network namespace can be made here")
        time.sleep(0.01)
    return str(holder.pid)


def inside(namespace_id, *command, stdin=None):
    """Runs a short command in a namespace."""
    run("nsenter", "-t", namespace_id, "-n", *command, stdin=stdin)


def join(args, router, server):
    """Lays the wires client - router - server: 10.77.N.0/30 on this side, 10.77.N.4/30 on the other."""
    n = args.number
    run("ip", "link", "add", f"lab{n}", "type", "veth", "peer", "name", "near", "netns", router)
    inside(router, "ip", "link", "add", "far", "type", "veth", "peer", "name", "wire", "netns", server)
    run("ip", "addr", "add", f"10.77.{n}.1/30", "dev", f"lab{n}")
    run("ip", "link", "set", f"lab{n}", "up")
    run("ip", "route", "add", f"10.77.{n}.4/30", "via", f"10.77.{n}.2")
    for place, device, address in ((router, "near", 2), (router, "far", 5), (server, "wire", 6)):
        inside(place, "ip", "addr", "add", f"10.77.{n}.{address}/30", "dev", device)
        inside(place, "ip", "link", "set", device, "up")
    inside(server, "ip", "route", "add", "default", "via", f"10.77.{n}.5")
    inside(router, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")


def narrow(args, router):
    """Lets one direction carry small packets only, and says nothing about it unless it is --told."""
    route = {"to_client": (f"10.77.{args.number}.0/30", "near"), "to_server": (f"10.77.{args.number}.4/30", "far")}
    subnet, device = route[args.narrow]
    inside(router, "ip", "route", "change", subnet, "dev", device, "mtu", str(args.mtu))
    if args.told:
        return
    inside(router, "nft", "-f", "-", stdin="""
table ip lab {
    chain out {
        type filter hook output priority 0;
        icmp type destination-unreachable drop
    }
}
""")


def reset_payload():
    """Has the kernel answer every segment with payload with a RST: more than IP, TCP and timestamps take."""
    port = os.environ["LAB_PORT"]
    run("nft", "-f", "-", stdin=f"""
table ip lab_{port} {{
    chain in {{
        type filter hook input priority 0;
        tcp dport {port} tcp flags & syn == 0 meta length > 52 reject with tcp reset
    }}
}}
""")


def options():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--number", type=int, help="of the case: 1 to 254, each once")
    parser.add_argument("--narrow", choices=["to_client", "to_server"])
    parser.add_argument("--told", action="store_true")
    parser.add_argument("--mtu", type=int, default=1300)
    parser.add_argument("--rst", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


def main():
    """Builds the path, then becomes the server at its end."""
    args = options()
    if not os.environ.get("TLSDOCTOR_LAB_INSIDE"):
        sys.exit("path.py: only in the lab's own network namespace (lab/run.py makes it; --up does not)")
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if args.rst:
        reset_payload()
        os.execvp(args.command[0], args.command)
    router, server = namespace(), namespace()
    join(args, router, server)
    if args.narrow:
        narrow(args, router)
    os.execvp("nsenter", ["nsenter", "-t", server, "-n", *args.command])


if __name__ == "__main__":
    sys.exit(main())
