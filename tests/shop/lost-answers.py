#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that are cut at nine points of an exchange: never two effects, never a lost one (G17), as TAP.

    lost-answers.py TILLKEEPERCTL [--long] [--jobs N] [--only OPERATION]... [--address ADDRESS]

Each operation is cut once, so that the program may ask again by itself, or
three times, so that it can't; then it settles what it does not know. What the
service did is counted at its own door. The long form tries both at each point,
twenty times.
"""
import argparse
import concurrent.futures
import itertools
import json
import socket
import sys

from world import DONE_AT, POINTS, World


class Case:
    """One operation; how it is started, and how many effects of it there are."""

    def __init__(self, world, serial):
        self.world = world
        self.serial = serial

    def effects(self, method, ending):
        return [e for e in self.world.effects if e[0] == method and ending in e[1] and e[2] in (200, 201, 204)]


class Generate(Case):
    name = "keys generate"

    def start(self):
        self.before = {k["keyId"] for k in self.world.ok("keys", "list")}
        return self.world.call("keys", "generate")

    def check(self, landed, succeeded):
        made = {e[3]["asymmetricKeyDetails"]["keyId"] for e in self.effects("POST", "/keys/generate")}
        known = {k["keyId"] for k in self.world.ok("keys", "list")}
        assert len(made) <= 1, "two keys were made: %s" % made
        assert made <= known, "a key was lost: %s" % (made - known)
        assert known - self.before == made
        assert bool(made) or not succeeded


class Revoke(Case):
    name = "keys revoke"

    def start(self):
        self.key = self.world.ok("keys", "generate")["keyId"]
        self.world.effects = []
        return self.world.call("keys", "revoke", self.key, "--yes")

    def check(self, landed, succeeded):
        status = {k["keyId"]: k["status"] for k in self.world.ok("keys", "list")}[self.key]
        done = bool(self.effects("POST", "/revoke"))
        assert (status == "REVOKED") == done, (status, done)
        assert done or not succeeded


class Upload(Case):
    name = "certificates upload"

    def start(self):
        return self.world.call("certificates", "upload", self.world.path("way.pem"), "--key-id", "cut-%d" % self.serial)

    def check(self, landed, succeeded):
        done = {e[3]["clientCryptographicDetails"]["clientKeyID"] for e in self.effects("POST", "/client-certificate")}
        known = {u["id"] for u in self.world.ok("certificates", "list", "--source", "hub")}
        assert done <= known, "an upload was lost: %s" % done
        assert ("cut-%d" % self.serial in known) == bool(done)


class Credentials(Case):
    name = "credentials request"

    def start(self):
        return self.world.call("credentials", "request")

    def check(self, landed, succeeded):
        sessions = {e[3]["sessionId"] for e in self.effects("POST", "/credentials")}
        assert len(sessions) <= 1, "two sessions were opened"


class Add(Case):
    name = "certificates add"

    def start(self):
        self.type = "pass.com.example.cut%d" % self.serial
        path = self.world.make_pass("add.p12", self.type)
        return self.world.call("certificates", "add", path, "--name", "Cut", secret="pass word", option="--password-fd")

    def check(self, landed, succeeded):
        there = [c for c in self.world.ok("certificates", "list", "--source", "wallet") if c["baseName"] == self.type]
        assert len(there) == bool(self.effects("POST", "/certificates"))
        assert there or not succeeded


class Changes(Case):
    """A certificate of its own that is then changed."""

    def prepare(self):
        self.type = "pass.com.example.cut%d" % self.serial
        path = self.world.make_pass("first.p12", self.type)
        self.id = self.world.ok("certificates", "add", path, "--name", "First", "--comment", "kept",
                                secret="pass word", option="--password-fd")["id"]
        self.world.effects = []

    def show(self):
        return self.world.ok("certificates", "show", self.id)


class Replace(Changes):
    name = "certificates replace"

    def start(self):
        self.prepare()
        self.old = self.show()["validityEnd"]
        path = self.world.make_pass("second.p12", self.type, days=500)
        return self.world.call("certificates", "replace", self.id, path, secret="pass word", option="--password-fd")

    def check(self, landed, succeeded):
        now = self.show()
        done = bool(self.effects("PUT", "/certificates/"))
        assert (now["validityEnd"] != self.old) == done
        assert now["name"] == "First" and now["comment"] == "kept"
        assert done or not succeeded


class Update(Changes):
    name = "certificates update"

    def start(self):
        self.prepare()
        return self.world.call("certificates", "update", self.id, "--name", "Second")

    def check(self, landed, succeeded):
        now = self.show()
        done = bool(self.effects("PUT", "/certificates/"))
        assert now["name"] == ("Second" if done else "First") and now["comment"] == "kept"
        assert done or not succeeded


class Remove(Changes):
    name = "certificates remove"

    def start(self):
        self.prepare()
        return self.world.call("certificates", "remove", self.id, "--yes")

    def check(self, landed, succeeded):
        there = any(c["id"] == self.id for c in self.world.ok("certificates", "list", "--source", "wallet"))
        done = bool(self.effects("DELETE", "/certificates/"))
        assert there != done
        assert done or not succeeded


CASES = [Generate, Revoke, Upload, Credentials, Add, Replace, Update, Remove]
serials = itertools.count(1)


def try_case(world, kind, point, times):
    """None, or what is wrong."""
    case = kind(world, next(serials))
    world.plan()
    planned = [point] * times
    original = world.call

    # The cuts are for the operation itself, not for what prepares it.
    def cut_call(*arguments, **options):
        if " ".join(arguments[:2]) == kind.name and not getattr(case, "cut", False) and \
                not (kind is not Generate and arguments[1] == "generate") and \
                not (isinstance(case, Changes) and arguments[1] == "add"):
            case.cut = True
            world.cuts = list(planned)
        return original(*arguments, **options)

    world.call = cut_call
    try:
        done = case.start()
    finally:
        world.call = original
    world.cuts = []
    succeeded = done.returncode == 0
    if not succeeded:
        error = json.loads(done.stderr)["error"]
        assert error["code"] in ("unavailable", "timed-out", "protocol", "tls"), error
    for secret in (world.sandbox["hub"]["apiSecret"], world.sandbox["wallet"]["secret"], "pass word"):
        assert secret not in done.stdout + done.stderr, "a secret is shown"
    left = world.ok("pending", "settle")
    case.check(point in DONE_AT, succeeded)
    assert not left, "still unknown: %s" % left


def plan(kind, long):
    """Pairs of a point and how often it is cut there."""
    if long:
        return [(point, times) for point in POINTS for times in (1, 3)]
    offset = CASES.index(kind)
    return [(point, (1, 3)[(i + offset) % 2]) for i, point in enumerate(POINTS)]


def have_ipv6(address):
    try:
        socket.create_server((address, 0), family=socket.AF_INET6).close()
        return True
    except OSError:
        return False


def run_kind(ctl, kind, long, address):
    """Lines of TAP without numbers."""
    lines = []
    world = World(ctl, address=address)
    try:
        for point, times in plan(kind, long):
            rounds = 20 if long else 1
            wrong = None
            for _ in range(rounds):
                try:
                    try_case(world, kind, point, times)
                except AssertionError as e:
                    wrong = str(e) or repr(e)
                    break
                except Exception as e:          # pylint: disable=broad-except
                    wrong = repr(e)
                    break
            lines.append((wrong is None, "%s, cut %s %d times" % (kind.name, point, times), wrong))
    finally:
        world.close()
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ctl")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--only", action="append")
    parser.add_argument("--address", default="127.0.0.1", help="of the services, as the program has it")
    options = parser.parse_args()
    kinds = [k for k in CASES if not options.only or k.name in options.only]
    if ":" in options.address and not have_ipv6(options.address):
        print("1..0 # SKIP this machine has no %s" % options.address)
        return 0
    print("1..%d" % sum(len(plan(kind, options.long)) for kind in kinds), flush=True)
    number = 0
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for lines in pool.map(lambda kind: run_kind(options.ctl, kind, options.long, options.address), kinds):
            for good, text, wrong in lines:
                number += 1
                bad += not good
                print("%sok %d %s" % ("" if good else "not ", number, text))
                if wrong:
                    print("# %s" % wrong.replace("\n", " "), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
