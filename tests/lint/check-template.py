#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the committed translations template against the sources, as TAP.

    check-template.py TOP

The strings that xgettext finds now must be exactly those of po/tillkeeper.pot.
"""
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(sys.argv[1])
POT = os.path.join(TOP, "po", "tillkeeper.pot")


def messages(path):
    """The set of (msgctxt, msgid, msgid_plural) of a template."""
    out = subprocess.run(["msgcat", "--no-wrap", "--no-location", "--sort-output", path],
                         capture_output=True, text=True, check=True).stdout
    found = set()
    for block in out.split("\n\n"):
        key = tuple(re.findall(r'^(?:msgctxt|msgid|msgid_plural) (".*"(?:\n".*")*)', block, re.M))
        if key and key != ('""',):
            found.add(key)
    return found


def main():
    print("1..1")
    with tempfile.TemporaryDirectory() as folder:
        fresh = os.path.join(folder, "fresh.pot")
        command = ["xgettext", "--from-code=UTF-8", "--add-comments=Translators", "--directory=" + TOP,
                   "--files-from=" + os.path.join(TOP, "po", "POTFILES.in"), "--output=" + fresh,
                   "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
                   "--keyword=ngettext:1,2", "--keyword=g_dngettext:2,3"]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode or not os.path.exists(fresh):
            print("not ok 1 the template can be made\n# %s" % made.stderr.strip().replace("\n", "\n# "))
            return 1
        new, old = messages(fresh), messages(POT)
    print("%sok 1 po/tillkeeper.pot is up to date" % ("" if new == old else "not "))
    for sign, rest in (("missing", new - old), ("no longer used", old - new)):
        for key in sorted(rest)[:20]:
            print("# %s: %s" % (sign, key))
    return 0 if new == old else 1


if __name__ == "__main__":
    sys.exit(main())
