#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program on a machine without any network (RELIABILITY.md G37, row 33), as TAP.

    offline.py TILLKEEPERCTL

In a network namespace without an interface: all that is known is there and says
since when, what would change something says why it can't, and nothing waits to
be sent later.
"""
import json
import subprocess
import sys

from world import World


def can_unshare():
    try:
        return subprocess.run(["unshare", "-rn", "true"], check=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


class Offline:
    def __init__(self, world):
        self.world = world

    def call(self, *arguments):
        return subprocess.run(["unshare", "-rn", self.world.ctl, "--json", *arguments], env=self.world.env,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    def look(self, world):
        """What was known is shown."""
        key = world.ok("keys", "generate")["keyId"]
        there = world.ok("certificates", "list", "--source", "wallet")
        done = self.call("keys", "list")
        assert done.returncode == 0, done
        assert key in [k["keyId"] for k in json.loads(done.stdout)]
        assert self.call("profile", "list").returncode == 0
        done = self.call("certificates", "list", "--source", "wallet")
        assert sorted(c["id"] for c in json.loads(done.stdout)) == sorted(c["id"] for c in there), done

    def change(self, world):
        """What changes something is refused, with the reason."""
        world.plan()
        for command in (["keys", "generate"], ["credentials", "request"], ["certificates", "remove", "1", "--yes"],
                        ["certificates", "upload", world.path("way.pem")]):
            done = self.call(*command)
            assert done.returncode != 0, (command, done)
            error = json.loads(done.stderr)["error"]
            assert error["code"] == "unavailable", (command, error)
            assert "offline" in error["message"], (command, error)
            # To remove one it is looked at first: there the change did not even begin.
            assert command[1] == "remove" or "nothing was sent" in error["message"], (command, error)

    def queue(self, world):
        """Nothing is sent when the network is back."""
        assert world.ok("pending", "list") == []
        assert world.ok("pending", "settle") == []
        world.ok("certificates", "list", "--source", "wallet")
        assert world.effects == [], world.effects


def main():
    if not can_unshare():
        print("1..0 # SKIP no network namespace can be made here")
        return 0
    world = World(sys.argv[1])
    offline = Offline(world)
    tests = [offline.look, offline.change, offline.queue]
    print("1..%d" % len(tests), flush=True)
    bad = 0
    try:
        for number, test in enumerate(tests, 1):
            try:
                test(world)
                print("ok %d %s" % (number, test.__doc__), flush=True)
            except Exception as e:                       # pylint: disable=broad-except
                bad += 1
                print("not ok %d %s\n# %s %s" % (number, test.__doc__, type(e).__name__, str(e).replace("\n", " ")),
                      flush=True)
    finally:
        world.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
