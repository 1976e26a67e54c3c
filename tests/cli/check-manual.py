#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the manual page and the completion of tillkeeperctl against the program, as TAP.

    check-manual.py TILLKEEPERCTL PAGE COMPLETION WORDS VERSION

WORDS is the source file with the stable words of `inspect`.
"""
import re
import shutil
import subprocess
import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def main():
    program, page, completion, words, version = sys.argv[1:6]

    def ask(*arguments):
        return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout

    help_all, help_inspect = ask("--help"), ask("inspect", "--help")
    text = re.sub(r"\\[\-~&|]", lambda m: "-" if m[0] == r"\-" else " ", read(page))
    option = r"(?<![\w-])--([a-z][a-z-]*)"
    in_help = set(re.findall(r"^  " + option, help_all + help_inspect, re.M))
    in_page = set(re.findall(option, text))
    in_completion = set(re.findall(option, read(completion)))
    commands = re.findall(r"^  (\w+) ", help_all.split("Commands:")[1].split("Options")[0], re.M)
    stable = re.findall(r"\{ TILL_(?:WEAK|NOTE)_\w+, \"([a-z0-9-]+)\"", read(words))
    arguments = dict(re.findall(r"^  --([a-z-]+) ([A-Z]+) ", help_all + help_inspect, re.M))
    statuses = re.search(r"\.SH EXIT STATUS\n(.*?)\n\.SH", text, re.S)[1]

    tests = [
        ("there are options, commands and words to compare", in_help and commands and len(stable) > 15),
        ("the page has the options of --help", in_help == in_page),
        ("the completion has the options of --help", in_help == in_completion),
        ("the page has the commands of --help", commands == re.findall(r"^\.SS (\w+)$", text, re.M)),
        ("the completion has the commands of --help", all("'%s'" % c in read(completion) for c in commands)),
        ("options have the same arguments", all(
            re.search(r"--%s +%s\b" % item, text) for item in arguments.items())),
        ("the page has each stable word", all(
            re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(w), text) for w in stable)),
        ("the page has the exit statuses", re.findall(r"^\.B (\d)$", statuses, re.M) == ["0", "1", "2"]),
        ("the page names this version", '"tillkeeper %s"' % version in text),
    ]
    if shutil.which("groff"):
        checked = subprocess.run(["groff", "-man", "-ww", "-z", "-Kutf8", page], capture_output=True, text=True, check=False)
        tests.append(("the page is well formed " + checked.stderr.replace("\n", " ").replace("#", ""),
                      checked.returncode == 0 and not checked.stderr))
    if shutil.which("bash"):
        tests.append(("the completion is well formed",
                      subprocess.run(["bash", "-n", completion], check=False).returncode == 0))
    print("1..%d" % len(tests))
    for number, (name, good) in enumerate(tests, 1):
        print("%sok %d %s" % ("" if good else "not ", number, name))
    print("# --help: %s; page: %s; completion: %s" % (sorted(in_help), sorted(in_page), sorted(in_completion)))
    return 0 if all(good for _, good in tests) else 1


if __name__ == "__main__":
    sys.exit(main())
