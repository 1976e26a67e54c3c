#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the single tests really run (TAP) in the testlog.json files of meson.

    build-aux/tapcount.py TESTLOG.json...

A test that was planned and never reported counts as failed; so does a program
that ended badly. The last line is 'N passed, N failed' (and ', N skipped').
Exit status 1 where one failed or where none passed.
"""
import json
import re
import sys


def count(record):
    """(passed, failed, skipped, reasons) of one test program."""
    result = record["result"]
    name = record["name"]
    plan = None
    seen = passed = failed = skipped = 0
    reasons = []
    for line in (record.get("stdout") or "").splitlines():
        match = re.match(r"1\.\.(\d+)(\s*#\s*SKIP)?", line, re.I)
        if match:
            plan = int(match[1])
            skipped += 1 if match[2] and plan == 0 else 0
            continue
        match = re.match(r"(not )?ok\b(.*)", line)  # top level only: nested TAP is indented
        if not match:
            continue
        seen += 1
        directive = re.search(r"#\s*(SKIP|TOD[O])\b", match[2], re.I)
        word = directive[1].upper() if directive else None
        if word == "SKIP":
            skipped += 1
        elif word is not None:
            if match[1]:
                skipped += 1
            else:
                failed += 1
                reasons.append("%s: passed though marked as not done:%s" % (name, match[2]))
        elif match[1]:
            failed += 1
            reasons.append("%s: %s" % (name, line))
        else:
            passed += 1
    if plan is None and not seen:  # not TAP: the program is one test
        if result == "OK":
            passed = 1
        elif result in ("SKIP", "EXPECTEDFAIL"):
            skipped = 1
    missing = max(0, (plan or 0) - seen)
    if missing:
        failed += missing
        reasons.append("%s: %d of %d planned tests never reported (%s, status %s)"
                       % (name, missing, plan, result, record["returncode"]))
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and not failed:
        failed = 1
        reasons.append("%s: %s, status %s" % (name, result, record["returncode"]))
    return passed, failed, skipped, reasons


def main():
    total = [0, 0, 0]
    for path in sys.argv[1:]:
        try:
            with open(path, encoding="utf-8") as log:
                records = [json.loads(line) for line in log]
        except (OSError, ValueError) as error:
            print("FAILED %s" % error)
            total[1] += 1
            continue
        for record in records:
            *numbers, reasons = count(record)
            total = [a + b for a, b in zip(total, numbers)]
            for reason in reasons:
                print("FAILED", reason)
    passed, failed, skipped = total
    print("%d passed, %d failed%s" % (passed, failed, ", %d skipped" % skipped if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
