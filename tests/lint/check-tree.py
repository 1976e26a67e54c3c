#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules that a machine can check, as TAP: one test a rule.

    check-tree.py TOP
"""
import os
import re
import subprocess
import sys

TOP = os.path.abspath(sys.argv[1])

# What a folder of src may include from, besides itself (DESIGN.md 5, in its order).
LAYERS = ["base", "inspect", "service", "store", "keys", "pairing"]
MAY_USE = {name: set(LAYERS[:i]) for i, name in enumerate(LAYERS)}
MAY_USE["sandbox"] = {"base", "inspect"}
MAY_USE["shop"] = set(LAYERS) | {"sandbox"}
MAY_USE["cli"] = set(LAYERS) | {"sandbox", "shop"}
MAY_USE["app"] = set(LAYERS) | {"sandbox", "shop"}

# Which folder may see which library.
LIBRARY_HEADERS = [
    (r"(gtk/|adwaita|gdk/)", {"app"}),
    (r"gnutls/", {"inspect", "service", "keys", "pairing", "sandbox"}),
    (r"gcrypt", {"keys"}),
    (r"nettle/", {"inspect"}),
    (r"libsoup/", {"service", "pairing", "sandbox"}),
    (r"json-glib/", {"base", "service", "store", "keys", "pairing", "sandbox", "shop", "cli"}),
    (r"(sqlite3|libsecret/)", {"store"}),
]

# Words that a committed line must not hold. Pieced together, so that this file has none of them.
FORBIDDEN = [
    r"/wo" + r"rk/", r"/ro" + r"ot/", r"deb\.debian" + r"\.org", r"registry\.npm" + r"js",
]


def files(*folders, suffixes=None):
    """Paths below the folders, relative to the top, hidden and build folders left out."""
    for folder in folders:
        for root, dirs, names in os.walk(os.path.join(TOP, folder)):
            dirs[:] = sorted(d for d in dirs if not d.startswith((".", "_build")) and d not in ("corpus", "__pycache__"))
            for name in sorted(names):
                if suffixes is None or name.endswith(suffixes):
                    yield os.path.relpath(os.path.join(root, name), TOP)


def text_of(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def lines_of(path):
    return enumerate(text_of(path).splitlines(), 1)


def spdx():
    """each file names its licence in its first lines"""
    kinds = (".c", ".h", ".py", ".sh", ".build", ".css", ".ui", ".svg", ".txt", ".yml")
    for path in list(files("src", "tests", "data", "doc", "build-aux", suffixes=kinds)) + ["meson.build", "meson_options.txt"]:
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(text_of(path).splitlines()[:4]):
            yield path


def white_space():
    """no tabs, no blanks at the end of a line, a newline at the end of a file"""
    for path in files("src", "tests", "build-aux", suffixes=(".c", ".h", ".py", ".build", ".ui", ".css", ".sh")):
        text = text_of(path)
        if text and not text.endswith("\n"):
            yield "%s: no newline at the end" % path
        for number, line in lines_of(path):
            if "\t" in line or line != line.rstrip():
                yield "%s:%d" % (path, number)


def line_length():
    """no line of C over 125 columns, of tests (with their tables) over 130"""
    for path in files("src", "tests", suffixes=(".c", ".h")):
        limit = 125 if path.startswith("src") else 130
        for number, line in lines_of(path):
            if len(line) > limit:
                yield "%s:%d: %d columns" % (path, number, len(line))


def file_length():
    """no source file over 800 lines"""
    for path in files("src", suffixes=(".c", ".h")):
        count = text_of(path).count("\n")
        if count > 800:
            yield "%s: %d lines" % (path, count)


def layers():
    """a folder of src includes only from those above it"""
    owner = {}
    for path in files("src", suffixes=(".h",)):
        owner[os.path.basename(path)] = path.split(os.sep)[1]
    for path in files("src", suffixes=(".c", ".h")):
        folder = path.split(os.sep)[1]
        for number, line in lines_of(path):
            match = re.match(r'\s*#\s*include\s+"(?:.*/)?([^"/]+)"', line)
            other = match and owner.get(match[1])
            if other and other != folder and other not in MAY_USE.get(folder, set()):
                yield "%s:%d: %s must not use %s" % (path, number, folder, other)


def libraries():
    """each library is seen only by the folders that it is for"""
    for path in files("src", suffixes=(".c", ".h")):
        folder = path.split(os.sep)[1]
        for number, line in lines_of(path):
            match = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
            for pattern, allowed in LIBRARY_HEADERS:
                if match and re.match(pattern, match[1]) and folder not in allowed:
                    yield "%s:%d: %s in %s" % (path, number, match[1], folder)


def headers():
    """each header has #pragma once and G_BEGIN_DECLS"""
    for path in files("src", suffixes=(".h",)):
        text = text_of(path)
        if "#pragma once" not in text:
            yield "%s: no #pragma once" % path
        if re.search(r"^\w.*\(", text, re.M) and "G_BEGIN_DECLS" not in text:
            yield "%s: no G_BEGIN_DECLS" % path


def documented():
    """each public function has a docstring"""
    for path in files("src", suffixes=(".h",)):
        names = re.findall(r"^(?!#|typedef|static)[\w\s\*]*?[\s\*](till_\w+)\s+\(", text_of(path), re.M)
        folder = os.path.dirname(path)
        sources = "".join(text_of(p) for p in files(folder, suffixes=(".c", ".h")))
        for name in names:
            if name.endswith("_get_type") or name.endswith("_quark"):
                continue
            if not re.search(r"^ ?\* ?%s:" % re.escape(name), sources, re.M):
                yield "%s: %s" % (path, name)


def unfinished():
    """nothing says of itself that it is not done"""
    words = "TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK|not imple" + "mented|unimple" + "mented"
    for path in files("src", "build-aux", suffixes=None):
        try:
            for number, line in lines_of(path):
                if re.search(r"\b(%s)\b" % words, line):
                    yield "%s:%d" % (path, number)
        except UnicodeDecodeError:
            continue


def asserts():
    """tests use g_assert_*, which can't be compiled out"""
    for path in files("tests", suffixes=(".c",)):
        if os.sep + "fuzz" + os.sep in path or os.sep + "bench" + os.sep in path:
            continue
        for number, line in lines_of(path):
            if re.search(r"(?<![\w])(g_assert|assert) \(", line):
                yield "%s:%d" % (path, number)


def secrets():
    """no secret is copied into plain memory by the usual means"""
    for path in files("src", suffixes=("till-secret.c", "till-password-page.c", "till-pbe.c", "till-kdf.c")):
        for number, line in lines_of(path):
            if re.search(r"\b(g_strdup|g_string_|g_memdup2|json_builder_add_string_value|g_print|g_message|g_debug)\b", line):
                yield "%s:%d" % (path, number)


def certificate_checks():
    """no handler waves a server certificate through"""
    for path in files("src", suffixes=(".c",)):
        text = text_of(path)
        for match in re.finditer(r"^(\w*accept_certificate\w*) \(.*?^}", text, re.M | re.S):
            if "return TRUE" in match[0]:
                yield "%s: %s" % (path, match[1])


def clocks():
    """nothing but the clock asks for the time of day"""
    calls = r"\b(g_get_real_time|g_date_time_new_now\w*|time|gettimeofday) \("
    for path in files("src", suffixes=(".c",)):
        if path.endswith("till-clock.c"):
            continue
        for number, line in lines_of(path):
            if re.search(calls, line) and not line.lstrip().startswith("*"):
                yield "%s:%d: %s" % (path, number, line.strip()[:60])


def forbidden_words():
    """no path of a machine and no registry in what is committed"""
    for path in files("src", "tests", "data", "doc", "build-aux", "po", "flatpak"):
        try:
            for number, line in lines_of(path):
                if any(re.search(word, line) for word in FORBIDDEN):
                    yield "%s:%d" % (path, number)
        except UnicodeDecodeError:
            continue
    for path in ("README.md", "NEWS.md", "SECURITY.md", ".ci/run", "meson.build"):
        if os.path.exists(os.path.join(TOP, path)):
            for number, line in lines_of(path):
                if any(re.search(word, line) for word in FORBIDDEN):
                    yield "%s:%d" % (path, number)


def sources_listed():
    """each source file is named in the meson.build of its folder or of one above"""
    for path in files("src", "tests", suffixes=(".c",)):
        folder = os.path.dirname(path)
        while True:
            build = os.path.join(folder, "meson.build")
            if os.path.exists(os.path.join(TOP, build)):
                text = text_of(build)
                stem = os.path.basename(path)[:-2]
                # A table of tests may leave the common beginning out.
                short = "'%s'" % stem[len("test-"):]
                if re.search(r"\b%s\b" % re.escape(stem), text) or (stem.startswith("test-") and short in text):
                    break
            if folder in ("src", "tests", ""):
                yield path
                break
            folder = os.path.dirname(folder)


def potfiles():
    """po/POTFILES.in names exactly the files with translatable text, sorted"""
    listed = [line for _, line in lines_of("po/POTFILES.in") if line and not line.startswith("#")]
    for path in listed:
        if not os.path.exists(os.path.join(TOP, path)):
            yield "%s is named and not there" % path
    if listed != sorted(listed):
        yield "not sorted"
    marks = r'(\b_ \(|\bN_ \(|\bC_ \(|\bngettext \(|translatable="(yes|true)")'
    for path in files("src", "data", suffixes=(".c", ".h", ".ui", ".xml")):
        if re.search(marks, text_of(path)) and path not in listed:
            yield "%s is missing" % path


def templates():
    """each .ui file is in the resources"""
    bundles = "".join(text_of(p) for p in files("src", suffixes=(".gresource.xml",)))
    for path in files("src", suffixes=(".ui",)):
        if os.path.basename(path) not in bundles:
            yield path


def shell():
    """shell scripts are well formed"""
    for path in list(files("build-aux")) + [".ci/run"]:
        with open(os.path.join(TOP, path), "rb") as f:
            first = f.readline()
        if first.startswith(b"#!") and b"bash" in first:
            result = subprocess.run(["bash", "-n", os.path.join(TOP, path)], capture_output=True, text=True, check=False)
            if result.returncode:
                yield "%s: %s" % (path, result.stderr.strip())
            if not os.access(os.path.join(TOP, path), os.X_OK):
                yield "%s: no run bit" % path


RULES = [spdx, white_space, line_length, file_length, layers, libraries, headers, documented, unfinished, asserts,
         secrets, certificate_checks, clocks, forbidden_words, sources_listed, potfiles, templates, shell]


def main():
    print("1..%d" % len(RULES))
    bad = 0
    for number, rule in enumerate(RULES, 1):
        found = list(rule())
        bad += bool(found)
        print("%sok %d %s" % ("not " if found else "", number, rule.__doc__))
        for line in found[:20]:
            print("# %s" % line)
        if len(found) > 20:
            print("# and %d more" % (len(found) - 20))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
