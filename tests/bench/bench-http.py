#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""GETs over TLS through our transport against bare libsoup and curl doing the
same in the same run: ratios, medians of paired rounds (PERFORMANCE.md 4a).
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def measure(argv):
    """Wall time of the whole process, and what it says of itself; milliseconds."""
    start = time.perf_counter()
    out = subprocess.run(argv, capture_output=True, text=True, timeout=90, check=False)
    process = (time.perf_counter() - start) * 1000
    if out.returncode:
        sys.exit("could not measure %s: status %s\n%s" % (argv[0], out.returncode, out.stderr[-600:]))
    lines = [line for line in out.stdout.splitlines() if line.startswith("{")]
    return dict(json.loads(lines[-1]) if lines else {}, process=process)


def paired(commands, rounds):
    results = {name: [] for name in commands}
    for command in commands.values():
        measure(command)
    for _ in range(rounds):
        names = list(commands)
        random.shuffle(names)
        for name in names:
            results[name].append(measure(commands[name]))
    return results


def ratio(results, other, key):
    return statistics.median(a[key] / b[key] for a, b in zip(results["ours"], results[other]))


def say(what, value, goal):
    print("%-48s %6.2f   goal <= %.2f   %s" % (what, value, goal, "met" if value <= goal else "MISSED"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("ours", "floor", "server"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=1000)
    opts = parser.parse_args()
    os.environ["G_TLS_GNUTLS_PRIORITY"] = "NORMAL"

    with tempfile.TemporaryDirectory() as folder:
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=benchmark", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key,
                        "-out", certificate], check=True, capture_output=True)
        server = subprocess.Popen([opts.server, certificate, key], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            url = "https://127.0.0.1:%d" % int(server.stdout.readline())
            for calls, at_once in ((1, 1), (opts.calls, 1), (opts.calls, 8)):
                tail = [url, certificate, str(calls), str(at_once)]
                commands = {"ours": [opts.ours, *tail], "libsoup": [opts.floor, *tail]}
                if shutil.which("curl"):
                    config = os.path.join(folder, "curl-%d" % calls)
                    with open(config, "w", encoding="utf-8") as f:
                        f.write("url = \"%s/record\"\noutput = /dev/null\n" % url * calls)
                    commands["curl"] = ["curl", "-sf", "--http1.1", "--cacert", certificate, "-K", config]
                    if at_once > 1:
                        commands["curl"] += ["--parallel", "--parallel-max", str(at_once)]
                results = paired(commands, opts.rounds)
                print("\n%d calls, %d at once (medians of %d)" % (calls, at_once, opts.rounds))
                for name, runs in results.items():
                    print("%-8s process %7.1f ms" % (name, statistics.median(r["process"] for r in runs)) +
                          (", calls %7.1f ms, CPU %7.1f ms" % (statistics.median(r["wall"] for r in runs),
                                                               statistics.median(r["cpu"] for r in runs))
                           if "wall" in runs[0] else ""))
                say("wall against bare libsoup", ratio(results, "libsoup", "process"), 1.15)
                print("%-48s %6.2f" % ("CPU against bare libsoup", ratio(results, "libsoup", "cpu")))
                if "curl" in results:
                    print("%-48s %6.2f" % ("wall against curl", ratio(results, "curl", "process")))
        finally:
            server.stdin.close()
            server.wait(10)
    return 0


if __name__ == "__main__":
    sys.exit(main())
