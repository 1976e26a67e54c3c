#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends tillkeeperctl with SIGKILL at random moments of its work (G28), as TAP: one test an operation.

    kill-points.py TILLKEEPERCTL --count COUNT_SECRETS [--kills N] [--step N] [--seed N]

After each kill the database is whole; after settling, what the service has
done is in the inventory, and nothing is half done or unknown; no secret is in
the keyring without a record, and no record without its secret. What changes
the keyring is also ended at each of the calls by which it and the store write.
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

OPERATIONS = ["generate", "revoke", "upload", "add", "update", "remove", "secret", "profile-remove"]
# What changes the keyring, and by which calls keyring and store write.
KEYRING = ["secret", "profile-remove"]
CALLS = ["fsync", "rename", "link", "unlink", "fdatasync", "ftruncate"]


class Killer:
    def __init__(self, world, rng, count):
        self.world = world
        self.count = count
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
        if operation in KEYRING:
            if not any(p["name"] == "Spare" for p in world.ok("profile", "list")):
                world.ok("profile", "add", "Spare", "--environment", "test", "--hub-merchant", "m", "--hub-key", "k")
            world.ok("profile", "secret", "Spare", "wallet", secret="spare secret")
            if operation == "secret":
                return ["profile", "secret", "Spare", "hub"], "spare secret"
            return ["profile", "remove", "Spare", "--yes"], None
        self.subject = "pass.com.example.kill%d" % self.serial
        path = world.make_pass("kill.p12", self.subject)
        if operation == "add":
            return ["certificates", "add", path], "pass word"
        self.id = world.ok("certificates", "add", path, "--name", "First", secret="pass word",
                           option="--password-fd")["id"]
        if operation == "update":
            return ["certificates", "update", self.id, "--name", "Second"], None
        return ["certificates", "remove", self.id, "--yes"], None

    def start(self, command, secret, tracer=()):
        option = "--secret-fd" if command[0] == "profile" else "--password-fd"
        command = [*tracer, self.world.ctl, "--json", *command]
        fds = ()
        if secret:
            fds = (self.secret_fd(secret),)
            command += [option, str(fds[0])]
        env = self.world.env
        if tracer or option == "--secret-fd":
            # A leak checker can't be traced, and would count what libsecret's file forgets.
            env = dict(env, ASAN_OPTIONS=env.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        process = subprocess.Popen(command, env=env, pass_fds=fds, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in fds:
            os.close(fd)
        return process

    def effects(self, ending):
        return [e for e in self.world.effects if ending in e[1] and e[2] in (200, 201, 204)]

    def check_secrets(self, database):
        items = int(subprocess.run([self.count], env=self.world.env, check=True, stdout=subprocess.PIPE).stdout)
        settings = dict(database.execute("SELECT name, value FROM settings WHERE name LIKE 'secret%'"))
        ids = [row[0] for row in database.execute("SELECT id FROM profiles")]
        assert "secrets-to-remove" not in settings, settings
        assert "lost" not in settings.values(), settings
        assert all(name.rsplit("-", 1)[1] in ids for name in settings), (settings, ids)
        assert items == len(settings), "%d secrets, %d records" % (items, len(settings))

    def check(self, operation):
        world = self.world
        folder = world.path("home/data/tillkeeper/tillkeeper.db")
        left = world.ok("pending", "settle")
        if any(p["name"] == "Spare" for p in world.ok("profile", "list")):
            world.ok("pending", "settle", "--profile", "Spare")
        database = sqlite3.connect("file:%s?mode=ro" % folder, uri=True)
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
        self.check_secrets(database)
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
        elif operation in KEYRING:
            pass
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

    def kill_at(self, operation, call, number):
        """Whether the operation was ended at the number-th of a call."""
        command, secret = self.prepare(operation)
        tracer = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e",
                  "inject=%s:signal=KILL:when=%d" % (call, number)]
        killed = self.start(command, secret, tracer).wait() != 0
        self.check(operation)
        return killed

    def kill_at_each(self, operation, step):
        """At how many calls it was ended."""
        points = 0
        for call in CALLS:
            number = 1
            while self.kill_at(operation, call, number):
                number += step
                points += 1
                assert number < 100
        return points

    def measure(self, operation):
        command, secret = self.prepare(operation)
        self.world.plan()
        began = time.monotonic()
        process = self.start(command, secret)
        assert process.wait() == 0
        self.check(operation)
        return time.monotonic() - began


def can_trace():
    try:
        return subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true"],
                              check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def replace_keyring(world):
    """Another keyring is in the place of the one there was: it says that nothing is found (FLATPAK.md 5)."""
    world.secret("wallet", world.sandbox["wallet"]["secret"])
    os.remove(world.path("home/secrets.keyring"))
    for _ in range(2):
        done = world.call("certificates", "remove", "1", "--yes")
        assert done.returncode != 0 and "not in the keyring any more" in done.stderr, done
    assert world.call("pending", "settle").returncode == 0
    for service in ("hub", "wallet"):
        world.secret(service, world.sandbox[service]["apiSecret" if service == "hub" else "secret"])
    world.ok("keys", "generate")
    world.ok("certificates", "list", "--source", "wallet")
    lost = [line for line in world.ok("log") if line["event"] == "profile.secret-lost"]
    assert len(lost) == 2, lost
    return "the keyring was replaced: said, entered again"


def tell(number, test):
    """Whether the test went well."""
    try:
        print("ok %d %s" % (number, test()), flush=True)
        return True
    except Exception as e:                           # pylint: disable=broad-except
        print("not ok %d\n# %s %s" % (number, type(e).__name__, str(e).replace("\n", " ")), flush=True)
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ctl")
    parser.add_argument("--count", required=True)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--step", type=int, default=1, help="end it at every so many-th call only")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print("1..%d\n# seed %d" % (len(OPERATIONS) + len(KEYRING) + 1, seed), flush=True)
    world = World(options.ctl)
    killer = Killer(world, random.Random(seed), options.count)
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
        for number, operation in enumerate(KEYRING, len(OPERATIONS) + 1):
            if not can_trace():
                print("ok %d %s at each call # SKIP there is no strace that can end a program here" % (number, operation))
                continue
            bad += not tell(number, lambda: "%s: ended at %d calls" % (operation, killer.kill_at_each(operation, options.step)))
        bad += not tell(len(OPERATIONS) + len(KEYRING) + 1, lambda: replace_keyring(world))
    finally:
        world.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
