#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tillkeeperctl against a sandbox in another process: profiles with secrets, failures, signals, as TAP.

    check-remote.py TILLKEEPERCTL
"""
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

from driver import Home, Sandbox, add_profile, main

PROGRAM = os.path.abspath(sys.argv[1])
home = Home(PROGRAM)
sandbox = Sandbox(home)


def with_fault(fault, *words, code=None, outcome=None, **more):
    """A command against a sandbox that goes wrong in an ordered way."""
    other = Sandbox(home, "--fault", fault)
    try:
        name = "Fault %d" % time.monotonic_ns()
        add_profile(home, other.ready, name)
        if code is None:
            return home.json("--profile", name, *words, **more)
        return home.fails(code, "--profile", name, *words, **more)
    finally:
        other.stop()


def test_ready():
    """sandbox: the line that says it is ready"""
    ready = sandbox.ready
    assert ready["event"] == "ready" and all(ready[k].startswith("https://127.0.0.1:") or ready[k].startswith("https://localhost:")
                                             for k in ("hubUrl", "walletUrl", "devicesUrl")), ready
    assert set(ready["hub"]) == {"merchantId", "terminalId", "apiKey", "apiSecret"}
    assert set(ready["wallet"]) == {"user", "secret"}
    assert set(ready["devices"]) == {"organizationId", "keyId", "sharedSecret"}
    assert open(ready["caFile"], encoding="ascii").read().startswith("-----BEGIN CERTIFICATE-----")


def test_profile():
    """a profile of another server: secrets on a descriptor, tested, used"""
    profile = add_profile(home, sandbox.ready, "Shop", secrets=False)
    assert profile["environment"] == "test" and profile["walletUrl"].startswith("https://"), profile
    assert home.json("profile", "show", "Shop")["secrets"] == {"hub": False, "wallet": False, "devices": False}
    error = home.fails("vault-unavailable", "--profile", "Shop", "keys", "generate")
    assert "hub" in error["message"].lower() or "secret" in error["message"].lower(), error
    home.json("profile", "secret", "Shop", "hub", "--secret-fd", "3", secret=sandbox.ready["hub"]["apiSecret"] + "\n")
    status, shown = home.on_terminal([("Secret of Shop for wallet:", sandbox.ready["wallet"]["secret"])],
                                     "profile", "secret", "Shop", "wallet")
    assert status == 0 and sandbox.ready["wallet"]["secret"] not in shown, shown
    home.json("profile", "secret", "Shop", "devices", "--secret-fd", "3", secret=sandbox.ready["devices"]["sharedSecret"])
    shown = home.json("profile", "show", "Shop")
    assert shown["secrets"] == {"hub": True, "wallet": True, "devices": True}, shown
    probes = home.json("profile", "test", "Shop")
    assert [p["works"] for p in probes] == [True, True, True], probes
    assert all(p["certificateNotAfter"] is None or p["certificateNotAfter"].endswith("Z") for p in probes)
    home.fails("not-found", "profile", "secret", "Nobody", "hub", "--secret-fd", "3", secret="x")


def test_commands():
    """every service answers through it"""
    shop = ("--profile", "Shop")
    assert len(home.json(*shop, "certificates", "list", "--source", "wallet")) > 3
    key = home.json(*shop, "keys", "generate")
    assert home.json(*shop, "keys", "list")[0]["keyId"] == key["keyId"]
    assert home.json(*shop, "keys", "revoke", key["keyId"], "--yes")["status"] == "REVOKED"
    assert home.json(*shop, "credentials", "request")["accessToken"].startswith("••••")
    assert "BEGIN CERTIFICATE" in home.json(*shop, "devices", "root-ca")["pem"]
    assert home.json("--profile", "Practice", "profile", "list")


def test_wrong_secret():
    """a wrong secret is “unauthorized”, with the HTTP status"""
    add_profile(home, sandbox.ready, "Wrong", secrets=False)
    for service in ("hub", "wallet", "devices"):
        home.json("profile", "secret", "Wrong", service, "--secret-fd", "3", secret="d3Jvbmc=")
    for words in (("certificates", "list", "--source", "wallet"), ("keys", "generate"), ("devices", "root-ca")):
        error = home.fails("unauthorized", "--profile", "Wrong", *words)
        assert error["httpStatus"] == 401, error
    result = home.run("--json", "profile", "test", "Wrong")
    assert result.status == 1 and [p["works"] for p in result.doc] == [False] * 3, result
    assert result.error["code"] == "unauthorized"


def test_no_trust():
    """without --ca the server is not trusted"""
    ready = sandbox.ready
    home.json("profile", "add", "Untrusted", "--environment", "test", "--wallet-url", ready["walletUrl"],
              "--wallet-user", ready["wallet"]["user"])
    home.json("profile", "secret", "Untrusted", "wallet", "--secret-fd", "3", secret=ready["wallet"]["secret"])
    home.fails("tls", "--profile", "Untrusted", "certificates", "list", "--source", "wallet")


def test_offline():
    """nobody there: what was last known, and why"""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    ready = dict(sandbox.ready)
    ready["walletUrl"] = "https://127.0.0.1:%d/v1" % port
    add_profile(home, ready, "Gone")
    home.fails("unavailable", "--profile", "Gone", "certificates", "list", "--source", "wallet")
    check = home.run("--profile", "Gone", "check")
    assert check.status == 3 and check.out.startswith("UNKNOWN - "), check
    doc = home.run("--json", "--profile", "Gone", "check")
    assert doc.status == 3 and doc.doc["status"] == "unknown" and doc.doc["error"]["code"] == "unavailable", doc
    prom = home.run("--profile", "Gone", "check", "--format", "prometheus")
    assert prom.status == 3 and 'tillkeeper_check_success{profile="Gone",environment="test"} 0' in prom.out, prom


def test_last_known():
    """the service goes away: the list of before, exit status 1"""
    other = Sandbox(home)
    add_profile(home, other.ready, "Away")
    before = home.json("--profile", "Away", "certificates", "list")
    other.stop()
    result = home.run("--json", "--profile", "Away", "certificates", "list")
    assert result.status == 1 and result.error["code"] == "unavailable", result
    assert [i["id"] for i in result.doc] == [i["id"] for i in before]
    text = home.run("--profile", "Away", "certificates", "list")
    assert "this is what was known at" in text.err and text.status == 1, text


def test_lost_answer():
    """a lost answer is pending, and a person settles it"""
    other = Sandbox(home, "--fault", "lost-answer@/ch/security*9")
    try:
        add_profile(home, other.ready, "Lost")
        result = home.run("--json", "--profile", "Lost", "keys", "generate")
        assert result.status == 1, result
        pending = home.json("--profile", "Lost", "pending", "list")
        assert [p["operation"] for p in pending] == ["keys.generate"], pending
        assert pending[0]["state"] in ("unknown", "open") and pending[0]["clientRequestId"], pending
        settled = home.json("--profile", "Lost", "pending", "settle")
        assert [p["id"] for p in settled] == [pending[0]["id"]] and settled[0]["state"] == "unknown", settled
        assert "keys.generate" in home.run("--profile", "Lost", "pending", "list").out
        done = home.json("--profile", "Lost", "pending", "not-done", str(pending[0]["id"]))
        assert done == {"id": pending[0]["id"], "state": "refused"}, done
        assert home.json("--profile", "Lost", "pending", "list") == []
        home.fails("not-found", "--profile", "Lost", "pending", "done", str(pending[0]["id"]))
    finally:
        other.stop()


def test_faults():
    """faults become the documented codes"""
    wallet = ("certificates", "list", "--source", "wallet")
    for fault, code in (("html*9", "protocol"), ("truncated*9", "protocol"), ("not-json*9", "protocol"),
                        ("redirect=elsewhere.example*9", "protocol"), ("status=500*9", "unavailable"), ("empty*9", "protocol")):
        with_fault(fault, *wallet, code=code)
    assert len(with_fault("status=503@/v1", *wallet)) > 3


def test_clock():
    """a clock that is off is said, and which profile it was"""
    other = Sandbox(home, "--fault", "date-skew=-600*99")
    try:
        add_profile(home, other.ready, "Clock")
        result = home.run("--verbose", "--profile", "Clock", "certificates", "list", "--source", "wallet")
        assert result.status == 0 and "this was the profile “Clock” (test)" in result.err, result
        found = re.search(r"the clock of this computer is (\d+) s ahead of that of the services", result.err)
        assert found and 590 <= int(found[1]) <= 610, result
        quiet = home.run("--json", "--verbose", "--profile", "Clock", "certificates", "list", "--source", "wallet")
        assert quiet.status == 0 and not quiet.err, quiet
        probes = {p["service"]: p["clockSkew"] for p in home.run("--json", "profile", "test", "Clock").doc}
        assert 590 <= probes["wallet"] <= 610, probes
    finally:
        other.stop()


def test_slow_check():
    """a check that waits for a slow service keeps nobody from working"""
    other = Sandbox(home, "--fault", "slow=20*99")
    try:
        add_profile(home, other.ready, "Waiting")
        child = home.start("--profile", "Waiting", "check", stdin=subprocess.DEVNULL)
        time.sleep(0.5)
        assert home.json("--profile", "Shop", "keys", "generate")["status"] == "ACTIVE"
        assert child.poll() is None
        child.kill()
        child.communicate(timeout=10)
    finally:
        other.child.kill()
        other.stop()


def test_interrupt_waiting():
    """a signal also ends a command that waits for the store"""
    with open(os.path.join(home.folder(), "tillkeeper.lock"), "r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        child = home.start("--json", "--profile", "Shop", "keys", "generate", stdin=subprocess.DEVNULL)
        time.sleep(0.7)
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=10)
        assert child.returncode == 1 and json.loads(err)["error"]["code"] == "cancelled", err
        assert time.monotonic() - begun < 1.5


def test_interrupt():
    """SIGINT and SIGTERM end a command within a second, as “cancelled”"""
    other = Sandbox(home, "--fault", "slow=20*99")
    try:
        add_profile(home, other.ready, "Slow")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for words in (("certificates", "list", "--source", "wallet"), ("keys", "generate"), ("check",)):
                child = home.start("--json", "--profile", "Slow", *words, stdin=subprocess.DEVNULL)
                time.sleep(0.7)
                assert child.poll() is None, words
                begun = time.monotonic()
                child.send_signal(number)
                out, err = child.communicate(timeout=10)
                took = time.monotonic() - begun
                lines = err.decode().splitlines()
                assert child.returncode == (3 if words == ("check",) else 1), (words, child.returncode, err)
                assert json.loads(lines[-1])["error"]["code"] == "cancelled" and not out, (words, out, err)
                assert took < 1.5, (words, took)
    finally:
        other.child.kill()
        other.stop()


def test_sandbox_ends():
    """sandbox: ends cleanly, remembers, and refuses what makes no sense"""
    first = Sandbox(home, "--assume", "wallet-order=name", state="kept")
    add_profile(home, first.ready, "Kept 1")
    before = [i["id"] for i in home.json("--profile", "Kept 1", "certificates", "list")]
    begun = time.monotonic()
    result = first.stop()
    assert result.status == 0 and not result.raw and time.monotonic() - begun < 2, result
    second = Sandbox(home, state="kept")
    add_profile(home, second.ready, "Kept 2")
    assert [i["id"] for i in home.json("--profile", "Kept 2", "certificates", "list")] == before
    port = second.ready["walletUrl"].split(":")[2].split("/")[0]
    assert second.ready["wallet"] == first.ready["wallet"]
    taken = home.run("--json", "sandbox", "--state", home.file("third"), "--port", port)
    assert taken.status == 1 and not taken.raw and taken.error["code"], taken
    second.stop()
    for bad in (["--port", "70000"], ["--port", "x"], ["extra"], ["make-pass"], ["make-pass", "f"],
                ["make-pass", "f", "--pass-type", "p", "--team", "t", "--days", "0", "--password-fd", "3"],
                ["make-pass", "f", "--pass-type", "p", "--team", "t"]):
        home.refuses("sandbox", *bad)
    assert home.run("--json", "sandbox", "--state", home.file("x"), "--assume", "moon=cheese").status == 1
    assert home.run("--json", "sandbox", "--state", home.file("x"), "--fault", "moon").status == 1
    shown = home.run("sandbox", "--help").out
    assert "wallet-order=" in shown and "lost-answer" in shown


def test_live():
    """in Live the name or the end of the id has to be typed"""
    add_profile(home, sandbox.ready, "Real", environment="live")
    real = ("--profile", "Real")
    items = home.json(*real, "certificates", "list", "--source", "wallet")
    item = [i for i in items if not i["default"] and i["name"]][0]
    status, shown = home.on_terminal([("to go on:", "yes")], *real, "certificates", "remove", item["id"])
    assert status == 1 and "nothing was changed" in shown and item["name"] in shown, shown
    status, shown = home.on_terminal([("to go on:", item["name"])], *real, "certificates", "remove", item["id"])
    assert status == 0, shown
    key = home.json(*real, "keys", "generate")["keyId"]
    status, shown = home.on_terminal([("to go on:", "yes")], *real, "keys", "revoke", key)
    assert status == 1, shown
    status, shown = home.on_terminal([("to go on:", key[-4:])], *real, "keys", "revoke", key)
    assert status == 0 and "no usable key remains" in shown, shown
    other = home.json(*real, "keys", "generate")["keyId"]
    assert home.json(*real, "keys", "revoke", other, "--yes")["status"] == "REVOKED"
    assert "--yes" in home.refuses(*real, "keys", "revoke", other)


def test_environments():
    """a profile sees nothing of another one"""
    keys = {p: {k["keyId"] for k in home.json("--profile", p, "keys", "list")} for p in ("Shop", "Real")}
    assert keys["Shop"] and keys["Real"] and not keys["Shop"] & keys["Real"], keys


def test_two_at_once():
    """two commands at once: both are done, one after the other"""
    children = [home.start("--json", "--profile", "Shop", "keys", "generate", stdin=subprocess.DEVNULL) for _ in range(3)]
    ids = set()
    for child in children:
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        ids.add(json.loads(out)["keyId"])
    assert len(ids) == 3 and ids <= {k["keyId"] for k in home.json("--profile", "Shop", "keys", "list")}


def test_output_closed():
    """a closed standard output is an error, not a silent end"""
    child = home.start("log", stdin=subprocess.DEVNULL)
    child.stdout.close()
    err = child.stderr.read().decode()
    child.stderr.close()
    assert child.wait(60) == 1 and "standard output was closed" in err, err
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, "log"], env=home.env, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 1 and b"no space left" in done.stderr, done


def test_damaged_store():
    """a damaged store is said to be so, for check too"""
    own = Home(PROGRAM)
    try:
        own.json("certificates", "list")
        with open(os.path.join(own.folder(), "tillkeeper.db"), "r+b") as f:
            f.write(b"no database at all, but text".ljust(4096, b"!"))
        assert own.run("--json", "profile", "list").error["code"] == "damaged"
        check = own.run("check")
        assert check.status == 3 and check.out.startswith("UNKNOWN - "), check
    finally:
        own.remove()


TESTS = [test_ready, test_profile, test_commands, test_wrong_secret, test_no_trust, test_offline, test_last_known,
         test_lost_answer, test_faults, test_clock, test_slow_check, test_interrupt_waiting, test_interrupt,
         test_sandbox_ends, test_live, test_environments, test_two_at_once, test_output_closed, test_damaged_store]

if __name__ == "__main__":
    try:
        sys.exit(main(TESTS))
    finally:
        sandbox.stop()
        home.remove()
