#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the worked example of the README and holds its output against what stands there, as TAP: one test a command.

    check-readme.py TILLKEEPERCTL README [--write]

Numbers made anew each time (ids, dates, hashes, keys) are compared by their
form. --write puts the output of this run into the README instead.
"""
import os
import re
import subprocess
import sys
import tempfile

BEGIN = "<!-- worked example -->\n```console\n"
END = "```\n"

FORMS = [
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
    (r"\b[0-9a-f]{32}\b", "ID"),
    (r"\b(?:[0-9a-f]{4} ){7}[0-9a-f]{4}\b", "HASH"),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z| UTC)", "TIME"),
    (r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC", "TIME"),
    (r"^[A-Za-z0-9+/=]{20,}$", "BASE64"),
    (r"(?:ends in|ended) \d+ (?:days?|hours?)(?: ago)?", "DAYS"),
    (r"=-?\d+;", "=N;"),
    (r"•+\S{4}", "MASKED"),
    (r"^(\d+ +TIME +)\S+", r"\1WHO"),
    (r" {2,}", "  "),
]


def form(text):
    for pattern, word in FORMS:
        text = re.sub(pattern, word, text, flags=re.M)
    return [line.rstrip() for line in text.strip().splitlines()]


def split(block):
    """Commands with their output."""
    steps = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append([line[2:].strip(), ""])
        else:
            steps[-1][1] += line
    return steps


def main():
    ctl, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as f:
        readme = f.read()
    start = readme.index(BEGIN) + len(BEGIN)
    stop = readme.index(END, start)
    steps = split(readme[start:stop])
    written = ""
    bad = 0
    print("1..%d" % len(steps))
    with tempfile.TemporaryDirectory() as home:
        os.mkdir(home + "/bin")
        os.symlink(os.path.abspath(ctl), home + "/bin/tillkeeperctl")
        env = dict(os.environ, HOME=home, PATH=home + "/bin:" + os.environ["PATH"], XDG_DATA_HOME=home + "/data",
                   XDG_CONFIG_HOME=home + "/config", XDG_CACHE_HOME=home + "/cache", SECRET_BACKEND="file",
                   SECRET_FILE_TEST_PATH=home + "/secrets", SECRET_FILE_TEST_PASSWORD="test", LC_ALL="C.UTF-8",
                   GIO_USE_PROXY_RESOLVER="dummy")
        for number, (command, expected) in enumerate(steps, 1):
            done = subprocess.run(["bash", "-c", command], env=env, cwd=home, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
            written += "$ %s\n%s" % (command, done.stdout)
            good = form(done.stdout) == form(expected)
            bad += not good
            print("%sok %d %s" % ("" if good else "not ", number, command.replace("#", "")))
            if not good:
                print("# expected: %s\n# got: %s" % (form(expected), form(done.stdout)))
    if "--write" in sys.argv:
        with open(path, "w", encoding="utf-8") as f:
            f.write(readme[:start] + written + readme[stop:])
        return 0
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
