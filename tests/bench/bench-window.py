#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time to the first painted frame, memory and scrolling of the window against
bare libadwaita windows of the same run: ratios, medians of paired rounds.

Run below build-aux/run-headless.sh. Goals: PERFORMANCE.md 3 and 6.
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile


def measure(argv):
    """The JSON that the last line of a command's output holds."""
    out = subprocess.run(argv, capture_output=True, text=True, timeout=90, check=False)
    lines = [line for line in out.stdout.splitlines() if line.startswith("{")]
    if out.returncode or not lines:
        sys.exit("could not measure %s: status %s\n%s" % (argv[0], out.returncode, out.stderr[-600:]))
    return json.loads(lines[-1])


def paired(commands, rounds):
    """Per name the list of results, the commands shuffled in every round."""
    results = {name: [] for name in commands}
    for _ in range(rounds):
        names = list(commands)
        random.shuffle(names)
        for name in names:
            results[name].append(measure(commands[name]))
    return results


def ratio(ours, floor, key):
    return statistics.median(a[key] / b[key] for a, b in zip(ours, floor))


def say(what, value, goal):
    print("%-48s %6.2f   goal <= %.2f   %s" % (what, value, goal, "met" if value <= goal else "MISSED"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("first-paint", "floor-window", "floor-list", "bench-list", "bundle", "tillkeeper"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=10000)
    opts = parser.parse_args()

    measure([opts.first_paint, opts.floor_window])  # warm caches and the accessibility bus
    start = paired({"floor": [opts.first_paint, opts.floor_window], "ours": [opts.first_paint, opts.tillkeeper]},
                   opts.rounds)
    for name, runs in start.items():
        print("%-6s painted %6.0f ms, mapped %6.0f ms, PSS %5.1f MiB (medians of %d)" % (
            name, statistics.median(r["painted"] for r in runs), statistics.median(r["mapped"] for r in runs),
            statistics.median(r["pss"] for r in runs) / 1024, opts.rounds))
    say("first frame against a bare window", ratio(start["ours"], start["floor"], "painted"), 1.30)
    say("PSS against a bare window", ratio(start["ours"], start["floor"], "pss"), 1.35)

    with tempfile.TemporaryDirectory() as folder:
        bundle = os.path.join(folder, "bundle.pem")
        subprocess.run([opts.bundle, str(opts.rows), bundle], check=True)
        lists = paired({"floor": [opts.floor_list, str(opts.rows)],
                        "ours": [opts.bench_list, str(opts.rows), bundle]}, 3)
    for name, runs in lists.items():
        print("%-6s scrolling %d rows: a frame's work %5.1f ms, 99th percentile %5.1f ms" % (
            name, opts.rows, statistics.median(r["median"] for r in runs), statistics.median(r["p99"] for r in runs)))
    say("scrolling, median frame", ratio(lists["ours"], lists["floor"], "median"), 1.50)
    say("scrolling, 99th percentile", ratio(lists["ours"], lists["floor"], "p99"), 1.50)
    usable = statistics.median(r["usable"] for r in lists["ours"])
    held = statistics.median(r["held"] for r in lists["ours"])
    print("%d certificates in one bundle: list usable after %.0f ms, main loop held at most %.0f ms"
          % (opts.rows, usable, held))
    say("list usable, seconds after the drop", usable / 1000, 1.0)
    say("longest hold of the main loop, of 100 ms", held / 100, 1.0)


if __name__ == "__main__":
    main()
