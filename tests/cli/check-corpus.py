#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds `tillkeeperctl inspect` against a certificate corpus, as TAP.

    check-corpus.py FOLDER TILLKEEPERCTL

The folder's own check.py does the work; it must find at least LEAST checks, and all must match.
"""
import os
import re
import shlex
import subprocess
import sys

LEAST = 220


def main():
    folder, program = sys.argv[1:3]
    print("1..1")
    command = "%s inspect --json {password_args} {file}" % shlex.quote(program)
    run = subprocess.run([sys.executable, os.path.join(folder, "check.py"), os.path.join(folder, "manifest.json"),
                          command, "--strict"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    for line in lines + run.stderr.splitlines():
        print("# " + line)
    match = re.fullmatch(r"(\d+) of (\d+) match", lines[-1] if lines else "")
    good = run.returncode == 0 and match and match[1] == match[2] and int(match[2]) >= LEAST
    print("%sok 1 %s" % ("" if good else "not ", lines[-1] if lines else "check.py said nothing"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
