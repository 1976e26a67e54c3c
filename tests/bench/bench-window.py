#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time to the first painted frame, memory and scrolling of the window against
bare libadwaita windows of the same run: ratios, medians of paired rounds.

    bench-window.py FIRST-PAINT FLOOR-WINDOW FLOOR-LIST BENCH-LIST TILLKEEPER [ROUNDS]

Run below build-aux/run-headless.sh. Goals: PERFORMANCE.md 3 and 6.
"""
import json
import random
import statistics
import subprocess
import sys


def measure(argv):
    """The JSON that the last line of a command's output holds."""
    out = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
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
    first_paint, floor_window, floor_list, bench_list, tillkeeper = sys.argv[1:6]
    rounds = int(sys.argv[6]) if len(sys.argv) > 6 else 7
    measure([first_paint, floor_window])  # warm caches and the accessibility bus
    start = paired({"floor": [first_paint, floor_window], "ours": [first_paint, tillkeeper]}, rounds)
    for name, runs in start.items():
        print("%-6s painted %6.0f ms, mapped %6.0f ms, PSS %5.1f MiB (medians of %d)" % (
            name, statistics.median(r["painted"] for r in runs), statistics.median(r["mapped"] for r in runs),
            statistics.median(r["pss"] for r in runs) / 1024, rounds))
    say("first frame against a bare window", ratio(start["ours"], start["floor"], "painted"), 1.30)
    say("PSS against a bare window", ratio(start["ours"], start["floor"], "pss"), 1.35)

    lists = paired({"floor": [floor_list, "10000"], "ours": [bench_list, "10000"]}, 3)
    for name, runs in lists.items():
        print("%-6s scrolling 10,000 rows: a frame's work %5.1f ms, 99th percentile %5.1f ms" % (
            name, statistics.median(r["median"] for r in runs), statistics.median(r["p99"] for r in runs)))
    say("scrolling, median frame", ratio(lists["ours"], lists["floor"], "median"), 1.50)
    say("scrolling, 99th percentile", ratio(lists["ours"], lists["floor"], "p99"), 1.50)
    usable = statistics.median(r["usable"] for r in lists["ours"])
    held = statistics.median(r["held"] for r in lists["ours"])
    print("10,000 certificates in one bundle: list usable after %.0f ms, main loop held at most %.0f ms"
          % (usable, held))
    say("list usable, seconds after the drop", usable / 1000, 1.0)
    say("longest hold of the main loop, frames of 16 ms", held / 16, 100 / 16)


if __name__ == "__main__":
    main()
