#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every secret that tillkeeperctl is given carries a canary: no output, file or database page may hold one, as TAP.

    check-canary.py TILLKEEPERCTL
"""
import base64
import json
import os
import sys

from driver import Home, Sandbox, add_profile, main

PROGRAM = sys.argv[1]
home = Home(PROGRAM)
sandbox = Sandbox(home, state="outside")
seen = []

# Nothing of these may be seen again: as it is, in Base64, in hex, in the URL's way.
CANARIES = {
    "hub": "canary-hub-secret-5d1f20c7",
    "wallet": "canary-wallet-secret-77ab1e",
    "devices": base64.b64encode(b"canary-devices-secret-90cc").decode(),
    "password": "canary-p12-password-c4e2",
    "card": "4005550000000019canary",
    "private key": "canary-private-key-11aa22bb33cc",
}


def run(*words, **more):
    """Runs a command, whatever becomes of it, and keeps what it said."""
    result = home.run(*words, **more)
    seen.append((" ".join(words), result.raw + result.err.encode()))
    return result


def forms(canary):
    raw = canary.encode()
    yield raw
    yield raw.hex().encode()
    for shift in range(3):
        # The middle of its Base64, wherever it begins in a longer text.
        yield base64.b64encode(b"x" * shift + raw)[4 * (shift > 0):-4]
    yield json.dumps(canary)[1:-1].encode()


def search(where, data):
    for name, canary in CANARIES.items():
        for form in forms(canary):
            assert form not in data, "the %s canary is in %s" % (name, where)


def test_give():
    """secrets are given, used, and refused in many ways"""
    add_profile(home, sandbox.ready, "Canary", secrets=False)
    profile = ("--verbose", "--profile", "Canary")
    for service in ("hub", "wallet", "devices"):
        assert run("profile", "secret", "Canary", service, "--secret-fd", "3", secret=CANARIES[service] + "\n").status == 0
    for json_too in ((), ("--json",)):
        for words in (("certificates", "list"), ("certificates", "show", "1"), ("keys", "generate"), ("credentials", "request"),
                      ("devices", "root-ca"), ("profile", "test", "Canary"), ("profile", "show", "Canary"), ("check",),
                      ("keys", "list"), ("pending", "list"), ("pending", "settle"), ("keys", "rotate"),
                      ("profile", "secret", "Nobody", "hub", "--secret-fd", "3")):
            run(*json_too, *profile, *words, secret=CANARIES["hub"] if "--secret-fd" in words else None)
    assert any(b"unauthorized" in output for _, output in seen)


def test_password():
    """the password of a .p12, right and wrong"""
    path = home.file("canary.p12")
    assert run("sandbox", "make-pass", "--pass-type", "pass.com.example.canary", "--team", "ABCDE12345", "--password-fd", "3",
               path, secret=CANARIES["password"]).status == 0
    practice = ("--verbose", "--profile", "Practice")
    run("profile", "add", "Practice", "--environment", "practice")
    assert run(*practice, "certificates", "add", path, "--password-fd", "3", secret=CANARIES["password"]).status == 0
    ident = home.json("--profile", "Practice", "certificates", "list", "--source", "wallet")[0]["id"]
    run(*practice, "certificates", "replace", ident, path, "--password-fd", "3", secret=CANARIES["password"])
    run(*practice, "certificates", "add", path, "--password-fd", "3", secret=CANARIES["password"] + "-wrong")
    run("--json", *practice, "certificates", "add", home.write("broken.p12", b"0\x82\x10\x00"), "--password-fd", "3",
        secret=CANARIES["password"])
    run("inspect", path, "--password-fd", "3", secret=CANARIES["password"])


def test_card():
    """card data that is encrypted, and that is not"""
    practice = ("--verbose", "--profile", "Practice")
    key = home.json("--profile", "Practice", "keys", "advise")["use"]
    good = json.dumps({"cardData": CANARIES["card"]})
    assert run(*practice, "keys", "encrypt", key, data=good).status == 0
    for data in (good[:-1], good + "x", json.dumps({"cardData": CANARIES["card"] * 20}), json.dumps([CANARIES["card"]]),
                 json.dumps({"cardData": {"x": CANARIES["card"]}}), json.dumps({"a b": CANARIES["card"]})):
        assert run("--json", *practice, "keys", "encrypt", key, data=data).status == 1


def test_private_key():
    """a private key in an answer that is pasted"""
    details = {"keyId": "k", "status": "ACTIVE", "validFrom": "2026-01-01T00:00:00Z", "validTo": "2090-01-01T00:00:00Z",
               "encodedPublicKey": "", "encodedPrivateKey": CANARIES["private key"]}
    run("--profile", "Practice", "keys", "import", data=json.dumps({"asymmetricKeyDetails": details}))
    key = json.loads(run("--profile", "Practice", "keys", "export", home.json("--profile", "Practice", "keys", "advise")["use"],
                         "--format", "json").out)
    details["encodedPublicKey"] = key["encodedPublicKey"]
    result = run("--json", "--profile", "Practice", "keys", "import", data=json.dumps({"asymmetricKeyDetails": details}))
    assert result.status == 0, result


def test_token():
    """a token is in no file and no log, and on the output only where it is asked for"""
    shown = home.json("--profile", "Practice", "credentials", "request", "--show-secrets")
    CANARIES["token"], CANARIES["session"] = shown["accessToken"], shown["sessionId"]
    run("--json", "--profile", "Practice", "credentials", "request")


def test_logs():
    """what the logs and lists say afterwards"""
    for words in (("log",), ("log", "--verify"), ("pending", "list"), ("keys", "list"), ("certificates", "list"),
                  ("profile", "list"), ("check", "--format", "prometheus"), ("check", "--format", "ics")):
        run("--profile", "Practice", *words)
    assert home.json("log")


def test_outputs():
    """no output holds a canary"""
    assert len(seen) > 40
    for command, output in seen:
        search("the output of “%s”" % command, output)


def test_data():
    """no file of the data folder holds a canary, the database and its copies least of all"""
    names = []
    for folder, _, files in os.walk(home.path):
        for name in files:
            path = os.path.join(folder, name)
            if folder.startswith(home.file("outside")):
                continue
            names.append(name)
            with open(path, "rb") as f:
                data = f.read()
            # What a sandbox pretends to keep for its customers is its own business; the vault encrypts.
            if "practice" in os.path.relpath(path, home.path).split(os.sep):
                continue
            search(path, data)
    assert "tillkeeper.db" in names and "keyring" in names, names


def test_search():
    """the search finds what it looks for"""
    for name, canary in CANARIES.items():
        for text in (canary, base64.b64encode(("ab" + canary + "cd").encode()).decode(), canary.encode().hex()):
            try:
                search("a test", ("before " + text + " after").encode())
            except AssertionError:
                continue
            raise RuntimeError("not found: %s in %s" % (name, text))


TESTS = [test_give, test_password, test_card, test_private_key, test_token, test_logs, test_outputs, test_data, test_search]

if __name__ == "__main__":
    try:
        sys.exit(main(TESTS))
    finally:
        sandbox.stop()
        home.remove()
