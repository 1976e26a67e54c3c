#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""10,000 wallet certificates listed over pages: our client against bare
libsoup with json-glib doing the same in the same run (PERFORMANCE.md 4).
"""
import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile


def measure(argv):
    out = subprocess.run(argv, capture_output=True, text=True, timeout=90, check=False)
    lines = [line for line in out.stdout.splitlines() if line.startswith("{")]
    if out.returncode or not lines:
        sys.exit("could not measure %s: status %s\n%s" % (argv[0], out.returncode, out.stderr[-600:]))
    return json.loads(lines[-1])


def say(what, value, goal):
    print("%-48s %7.2f   goal <= %.2f   %s" % (what, value, goal, "met" if value <= goal else "MISSED"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("sandbox", "ours", "floor"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--certificates", type=int, default=10000)
    opts = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([opts.sandbox, folder, "0", "0", "example-size=%d" % opts.certificates,
                                   "wallet-largest-page=1000", "keep-alive=yes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            ready = json.loads(server.stdout.readline())
            for size in (100, 1000):
                tail = [ready["walletUrl"], ready["walletUser"], ready["walletSecret"], ready["caFile"], str(size)]
                commands = {"ours": [opts.ours, *tail], "floor": [opts.floor, *tail]}
                results = {name: [] for name in commands}
                for command in commands.values():
                    measure(command)
                for _ in range(opts.rounds):
                    names = list(commands)
                    random.shuffle(names)
                    for name in names:
                        results[name].append(measure(commands[name]))
                print("\n%d certificates, %d a page (medians of %d)" % (opts.certificates, size, opts.rounds))
                for name, runs in results.items():
                    print("%-6s wall %6.0f ms, CPU %6.0f ms, peak %5.1f MiB" % (
                        name, statistics.median(r["wall"] for r in runs), statistics.median(r["cpu"] for r in runs),
                        statistics.median(r["peak"] for r in runs) / 1024))
                    if any(abs(r["count"] - opts.certificates) > 20 for r in runs):
                        sys.exit("%s listed %s" % (name, runs[0]["count"]))
                pairs = list(zip(results["ours"], results["floor"]))
                say("wall against libsoup and json-glib", statistics.median(a["wall"] / b["wall"] for a, b in pairs), 1.15)
                say("CPU against libsoup and json-glib", statistics.median(a["cpu"] / b["cpu"] for a, b in pairs), 1.15)
                say("peak against libsoup and json-glib", statistics.median(a["peak"] / b["peak"] for a, b in pairs), 1.20)
                say("longest hold of the main loop, of 16 ms",
                    statistics.median(r["held"] for r in results["ours"]) / 16, 1.0)
                print("%-48s %7.0f ms" % ("first page there after", statistics.median(r["first"] for r in results["ours"])))
        finally:
            server.stdin.close()
            server.wait(10)
    return 0


if __name__ == "__main__":
    sys.exit(main())
