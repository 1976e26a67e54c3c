#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends tillkeeperctl with SIGKILL at random moments of its work (G28), as TAP: one test an operation.

    kill-points.py TILLKEEPERCTL [--kills N] [--seed N]

After each kill the database is whole; after settling, what the service has
done is in the inventory, and nothing is half done or unknown.
"""
import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

from world import World

OPERATIONS = ["generate", "revoke", "upload", "add", "update", "remove"]


class Killer:
    def __init__(self, world, rng):
        self.world = world
        self.rng = rng
        self.serial = 0
        self.keys = set()

    def secret_fd(self, secret):
        reading, writing = os.pipe()
        os.write(writing, secret.encode())
        os.close(writing)
        return reading

    def prepare(self, operation):
        """The command line, and a file descriptor that it reads or None."""
        self.serial += 1
        world = self.world
        if operation == "generate":
            return ["keys", "generate"], None
        if operation == "revoke":
            self.subject = world.ok("keys", "generate")["keyId"]
            return ["keys", "revoke", self.subject, "--yes"], None
        if operation == "upload":
            self.subject = "kill-%d" % self.serial
            return ["certificates", "upload", world.path("way.pem"), "--key-id", self.subject], None
        self.subject = "pass.com.example.kill%d" % self.serial
        path = world.make_pass("kill.p12", self.subject)
        if operation == "add":
            return ["certificates", "add", path], "pass word"
        self.id = world.ok("certificates", "add", path, "--name", "First", secret="pass word",
                           option="--password-fd")["id"]
        if operation == "update":
            return ["certificates", "update", self.id, "--name", "Second"], None
        return ["certificates", "remove", self.id, "--yes"], None

    def start(self, command, secret):
        command = [self.world.ctl, "--json", *command]
        fds = ()
        if secret:
            fds = (self.secret_fd(secret),)
            command += ["--password-fd", str(fds[0])]
        process = subprocess.Popen(command, env=self.world.env, pass_fds=fds, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in fds:
            os.close(fd)
        return process

    def effects(self, ending):
        return [e for e in self.world.effects if ending in e[1] and e[2] in (200, 201, 204)]

    def check(self, operation):
        world = self.world
        folder = world.path("home/data/tillkeeper/tillkeeper.db")
        left = world.ok("pending", "settle")
        database = sqlite3.connect("file:%s?mode=ro" % folder, uri=True)
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
        database.close()
        assert whole == "ok", whole
        assert not left, "still unknown: %s" % left
        world.ok("log", "--verify")
        if operation in ("generate", "revoke"):
            known = {k["keyId"]: k["status"] for k in world.ok("keys", "list")}
            made = {e[3]["asymmetricKeyDetails"]["keyId"] for e in self.effects("/keys/generate")}
            assert made <= set(known), "a key was lost: %s" % (made - set(known))
            assert len(made) <= (1 if operation == "generate" else 0), "%d keys were made" % len(made)
            if operation == "revoke":
                assert (known[self.subject] == "REVOKED") == bool(self.effects("/revoke"))
        elif operation == "upload":
            known = {u["id"] for u in world.ok("certificates", "list", "--source", "hub")}
            assert (self.subject in known) == bool(self.effects("/client-certificate"))
        else:
            there = [c for c in world.ok("certificates", "list", "--source", "wallet") if c["baseName"] == self.subject]
            if operation == "add":
                assert len(there) == bool(self.effects("/certificates"))
            elif operation == "update":
                assert there[0]["name"] == ("Second" if self.effects("/certificates/") else "First")
            else:
                assert bool(there) != bool(self.effects("/certificates/"))

    def kill_one(self, operation, longest):
        command, secret = self.prepare(operation)
        self.world.plan()
        process = self.start(command, secret)
        time.sleep(self.rng.uniform(0, longest))
        process.send_signal(signal.SIGKILL)
        process.wait()
        # What the service is doing for one who is gone, it does to the end.
        time.sleep(0.05)
        self.check(operation)
        return process.returncode != 0

    def measure(self, operation):
        command, secret = self.prepare(operation)
        self.world.plan()
        began = time.monotonic()
        process = self.start(command, secret)
        assert process.wait() == 0
        self.check(operation)
        return time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ctl")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print("1..%d\n# seed %d" % (len(OPERATIONS), seed), flush=True)
    world = World(options.ctl)
    killer = Killer(world, random.Random(seed))
    bad = 0
    try:
        for number, operation in enumerate(OPERATIONS, 1):
            kills = (options.kills + len(OPERATIONS) - 1) // len(OPERATIONS)
            wrong = None
            hit = 0
            try:
                # The first one also warms the service up.
                longest = min(killer.measure(operation) for _ in range(2)) * 1.02
                for _ in range(kills):
                    hit += killer.kill_one(operation, longest)
            except Exception as e:                   # pylint: disable=broad-except
                wrong = "%s %s" % (type(e).__name__, e)
                bad += 1
            print("%sok %d %s: %d of %d ended in the middle" % ("not " if wrong else "", number, operation, hit, kills))
            if wrong:
                print("# %s" % wrong.replace("\n", " "), flush=True)
    finally:
        world.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
