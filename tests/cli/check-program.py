#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tillkeeperctl is linked with and how it is hardened, as TAP.

    check-program.py TILLKEEPERCTL

Start-up is what inspecting one file costs (PERFORMANCE.md 1), so the program may need GLib
and GnuTLS only, and nothing of the desktop may come in through them either.
"""
import re
import subprocess
import sys

# gcc_s, stdc++ and the sanitizers: in a build with -Db_sanitize.
MAY_NEED = r"(ld-linux.*|lib(c|m|pthread|glib-2\.0|gnutls|nettle|hogweed|gmp|gcc_s|stdc\+\+|asan|ubsan))\.so"
NEVER = r"lib(gio|gobject|gmodule|gtk|adwaita|soup|json-glib|sqlite|secret|X11|wayland|systemd|dbus)"


def tool(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main():
    program = sys.argv[1]
    dynamic = tool("readelf", "--wide", "--dynamic", program)
    headers = tool("readelf", "--wide", "--file-header", "--program-headers", program)
    needed = re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)
    loaded = re.findall(r"^\s*(\S+) ", tool("ldd", program), re.M)
    tests = [
        ("needs GLib and GnuTLS", any("libglib-2.0" in n for n in needed) and any("libgnutls" in n for n in needed)),
        ("needs nothing else", all(re.match(MAY_NEED, n) for n in needed)),
        ("loads nothing of the desktop", len(loaded) > 3 and not any(re.match(NEVER, n) for n in loaded)),
        ("is position independent", re.search(r"Type:\s+DYN", headers)),
        ("binds all names at start", re.search(r"BIND_NOW|FLAGS.*NOW", dynamic)),
        ("makes its tables read-only", "GNU_RELRO" in headers),
        ("has no executable stack", re.search(r"GNU_STACK.* RW ", headers)),
    ]
    print("1..%d" % len(tests))
    for number, (name, good) in enumerate(tests, 1):
        print("%sok %d %s" % ("" if good else "not ", number, name))
    print("# needed: " + " ".join(needed))
    print("# loaded: " + " ".join(loaded))
    return 0 if all(good for _, good in tests) else 1


if __name__ == "__main__":
    sys.exit(main())
