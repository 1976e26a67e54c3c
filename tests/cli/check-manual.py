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

CODES = ["wrong-password", "password-required", "old-protection", "newer-protection", "damaged", "no-private-key",
         "key-mismatch", "not-a-certificate-file", "unreadable", "unauthorized", "clock-skew", "rejected", "not-found",
         "conflict", "unavailable", "timed-out", "tls", "protocol", "cancelled", "store-locked", "store-newer",
         "vault-unavailable", "wrong-code", "internal"]


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def names_after(text, heading):
    """The first words of the list below a heading of --help."""
    part = re.search(r"^%s:\n((?:  .*\n)+)" % heading, text, re.M)
    return re.findall(r"^  ([a-z-]+) ", part[1], re.M) if part else []


class Helps:
    """The text of --help of each command and sub-command."""

    def __init__(self, program):
        self.program = program
        self.texts = {(): self.ask()}
        self.commands = names_after(self.texts[()], "Commands")
        self.subs = {}
        for command in self.commands:
            text = self.texts[(command,)] = self.ask(command)
            self.subs[command] = names_after(text, "Commands")
            for sub in self.subs[command]:
                self.texts[(command, sub)] = self.ask(command, sub)

    def ask(self, *words):
        return subprocess.run([self.program, *words, "--help"], capture_output=True, text=True, check=True,
                              timeout=60).stdout

    def options(self, words):
        own = re.search(r"^Options[^\n]*:\n((?:  --.*\n)+)", self.texts[words], re.M)
        return re.findall(r"^  --([a-z-]+)", own[1], re.M) if own else []

    def all_options(self):
        return {option for words in self.texts for option in self.options(words)}

    def arguments(self):
        return dict(re.findall(r"^  --([a-z-]+) ([A-Z=]+)  ", "".join(self.texts.values()), re.M))


def complete(completion, *words):
    """What bash offers after these words."""
    script = 'source "$1"; COMP_WORDS=("${@:2}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tillkeeperctl; ' \
             'printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, "bash", completion, "tillkeeperctl", *words], capture_output=True,
                          text=True, check=False, timeout=60)
    return set(done.stdout.split())


def completion_tests(helps, completion):
    globals_ = {"--" + o for o in helps.options(())}
    yield "bash offers the commands", complete(completion, "") == set(helps.commands)
    for words in helps.texts:
        if words and not (len(words) == 1 and helps.subs[words[0]] and words[0] != "sandbox"):
            offered = complete(completion, *words, "--")
            yield "bash offers the options of “%s”" % " ".join(words), \
                offered == globals_ | {"--" + o for o in helps.options(words)}
    for command in helps.commands:
        if helps.subs[command]:
            yield "bash offers what follows “%s”" % command, complete(completion, command, "") == set(helps.subs[command])


def main():
    program, page, completion, words, version = sys.argv[1:6]
    helps = Helps(program)
    text = re.sub(r"\\[\-~&|]", lambda m: "-" if m[0] == r"\-" else " ", read(page))
    option = r"(?<![\w-])--([a-z][a-z-]*)"
    in_page = set(re.findall(option, text))
    in_help = helps.all_options()
    stable = re.findall(r"\{ TILL_(?:WEAK|NOTE)_\w+, \"([a-z0-9-]+)\"", read(words))
    statuses = re.search(r"\.SH EXIT STATUS\n(.*?)\n\.SH", text, re.S)[1]
    sections = [s for s in re.findall(r"^\.SS (\w+)$", text, re.M)]
    described = set(re.findall(r"^\.B ([a-z]+ [a-z-]+)", text, re.M))
    wide = [line for t in helps.texts.values() for line in t.splitlines() if len(line) > 130]

    tests = [
        ("there are options, commands and words to compare", in_help and helps.commands and len(stable) > 15),
        ("there are sub-commands to compare", sum(map(len, helps.subs.values())) > 20),
        ("the page has the options of --help", in_help == in_page),
        ("the page has the commands of --help, in its order", helps.commands == sections),
        ("the page has the sub-commands of --help", all(
            "%s %s" % (c, s) in described for c in helps.commands for s in helps.subs[c])),
        ("options have the same arguments", all(
            re.search(r"--%s +%s\b" % item, text) for item in helps.arguments().items())),
        ("the page has each stable word", all(
            re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(w), text) for w in stable + CODES)),
        ("the page has the exit statuses", re.findall(r"^\.B (\d)$", statuses, re.M) == ["0", "1", "2"]),
        ("the page names this version", '"tillkeeper %s"' % version in text),
        ("no line of --help is too wide", not wide),
    ]
    if shutil.which("groff"):
        checked = subprocess.run(["groff", "-man", "-ww", "-z", "-Kutf8", page], capture_output=True, text=True, check=False)
        tests.append(("the page is well formed " + checked.stderr.replace("\n", " ").replace("#", ""),
                      checked.returncode == 0 and not checked.stderr))
    if shutil.which("bash"):
        tests.append(("the completion is well formed",
                      subprocess.run(["bash", "-n", completion], check=False).returncode == 0))
        tests.extend(completion_tests(helps, completion))
    print("1..%d" % len(tests))
    for number, (name, good) in enumerate(tests, 1):
        print("%sok %d %s" % ("" if good else "not ", number, name))
    print("# only in --help: %s; only on the page: %s" % (sorted(in_help - in_page), sorted(in_page - in_help)))
    for line in wide:
        print("# wide: " + line)
    return 0 if all(good for _, good in tests) else 1


if __name__ == "__main__":
    sys.exit(main())
