#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tillkeeperctl with the built-in sandbox: each command, from nothing, as TAP.

    check-practice.py TILLKEEPERCTL
"""
import base64
import fcntl
import json
import os
import re
import subprocess
import sys
import time

from driver import Home, main

home = Home(sys.argv[1])
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
PASSWORD = "canary-pass-81f3"


def make_pass(name, pass_type="pass.com.example.shop.new", team="ABCDE12345", *more):
    home.json("sandbox", "make-pass", "--pass-type", pass_type, "--team", team, "--password-fd", "3", *more,
              home.file(name), secret=PASSWORD)
    return home.file(name)


def wallet(**wanted):
    items = home.json("certificates", "list", "--source", "wallet")
    return [i for i in items if all(i[k] == v for k, v in wanted.items())]


def test_nothing():
    """a read-only look at nothing leaves nothing behind"""
    assert home.json("profile", "list") == []
    assert home.json("log") == []
    assert not os.path.exists(os.path.join(home.folder(), "tillkeeper.db"))
    home.fails("not-found", "profile", "show", "Nobody")
    home.fails("not-found", "--profile", "Nobody", "certificates", "list")


def test_list():
    """certificates list: states, members, order"""
    items = home.json("certificates", "list")
    assert {i["state"] for i in items} == {"fine", "soon", "act", "expired"}, items
    for item in items:
        assert item["source"] == "wallet" and re.fullmatch(UUID, item["id"]) and re.fullmatch(TIME, item["actBy"]), item
        assert {"vendor", "name", "comment", "baseName", "teamIdentifier", "nfcSupport", "enabled", "default", "createdAt",
                "updatedAt", "validityStart", "validityEnd", "expired", "templates"} <= item.keys(), item
    assert [i for i in items if i["default"]] and len([i for i in items if i["default"]]) == 1
    text = home.run("certificates", "list")
    assert text.status == 0 and text.out.startswith("STATE ") and len(text.out.splitlines()) == len(items) + 1
    assert [p["name"] for p in home.json("profile", "list")] == ["Practice"]


def test_list_options():
    """certificates list: its options, good and bad"""
    assert home.json("certificates", "list", "--source", "files") == []
    assert home.json("certificates", "list", "--source", "hub") == []
    assert home.json("certificates", "list", "--source", "all") == home.json("certificates", "list")
    assert all(i["enabled"] is False for i in home.json("certificates", "list", "--enabled", "false"))
    assert len(wallet()) > len(home.json("certificates", "list", "--enabled", "true"))
    assert home.json("certificates", "list", "--vendor", "Apple")
    names = [i["name"] for i in home.json("certificates", "list", "--source", "wallet", "--order", "name",
                                          "--direction", "DESC")]
    assert names == sorted(names, reverse=True) and len(names) > 2, names
    for bad in (["--source", "moon"], ["--enabled", "perhaps"], ["--direction", "UP"], ["extra"], ["--sorce", "all"]):
        home.refuses("certificates", "list", *bad)
    assert "did you mean “--source”" in home.refuses("certificates", "list", "--sorce", "all")


def test_show():
    """certificates show"""
    item = wallet()[0]
    shown = home.json("certificates", "show", item["id"])
    assert {k: shown[k] for k in ("id", "name", "validityEnd")} == {k: item[k] for k in ("id", "name", "validityEnd")}
    assert item["id"] in home.run("certificates", "show", item["id"]).out
    assert home.fails("not-found", "certificates", "show", "00000000-0000-4000-8000-000000000000")
    home.refuses("certificates", "show")


def test_add_and_renew():
    """certificates add, and the same again renews"""
    path = make_pass("new.p12")
    assert os.stat(path).st_mode & 0o777 == 0o600
    before = len(wallet())
    added = home.json("certificates", "add", path, "--name", "New", "--comment", "a comment", "--password-fd", "3",
                      secret=PASSWORD + "\n")
    assert added["renewed"] is False and added["name"] == "New" and added["comment"] == "a comment", added
    assert added["baseName"] == "pass.com.example.shop.new" and added["teamIdentifier"] == "ABCDE12345", added
    assert len(wallet()) == before + 1
    again = home.json("certificates", "add", make_pass("again.p12", "pass.com.example.shop.new", "ABCDE12345", "--days", "500"),
                      "--password-fd", "3", secret=PASSWORD)
    assert again["renewed"] is True and again["id"] == added["id"], again
    assert again["validityEnd"] > added["validityEnd"] and len(wallet()) == before + 1
    other = home.json("certificates", "add", make_pass("off.p12", "pass.com.example.shop.off"), "--disabled",
                      "--password-fd", "3", secret=PASSWORD)
    assert other["enabled"] is False and other["default"] is False, other


def test_add_bad():
    """certificates add: what is refused, and why"""
    path = make_pass("bad.p12", "pass.com.example.shop.bad")
    before = len(wallet())
    home.fails("wrong-password", "certificates", "add", path, "--password-fd", "3", secret="no")
    home.fails("password-required", "certificates", "add", path)
    home.fails("unreadable", "certificates", "add", home.file("missing.p12"))
    home.fails("unreadable", "certificates", "add", home.path)
    home.fails("not-a-certificate-file", "certificates", "add", home.write("page.html", "<html></html>"))
    home.fails("damaged", "certificates", "add", home.write("cut.p12", open(path, "rb").read()[:300]),
               "--password-fd", "3", secret=PASSWORD)
    pem = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout",
                          home.file("x.key"), "-out", home.file("x.pem")], capture_output=True, check=False)
    assert pem.returncode == 0
    home.fails("no-private-key", "certificates", "add", home.file("x.pem"))
    home.refuses("certificates", "add")
    home.refuses("certificates", "add", path, "--password-fd", "x")
    home.refuses("certificates", "add", path, "--default", "--disabled")
    assert len(wallet()) == before


def test_update():
    """certificates update keeps what was not asked for"""
    item = home.json("certificates", "add", make_pass("edit.p12", "pass.com.example.shop.edit"), "--name", "Edit",
                     "--comment", "keep me", "--password-fd", "3", secret=PASSWORD)
    ident = item["id"]
    assert home.json("certificates", "update", ident, "--name", "Edited")["comment"] == "keep me"
    changed = home.json("certificates", "update", ident, "--clear-comment", "--disable")
    assert not changed["comment"] and changed["name"] == "Edited" and changed["enabled"] is False, changed
    assert home.json("certificates", "update", ident, "--enable", "--comment", "x")["enabled"] is True
    assert not home.json("certificates", "update", ident, "--clear-name")["name"]
    old = wallet(default=True)[0]["id"]
    assert home.json("certificates", "update", ident, "--default")["default"] is True
    assert [i["id"] for i in wallet(default=True)] == [ident]
    home.json("certificates", "update", old, "--default")
    for bad in ([], ["--name", "a", "--clear-name"], ["--comment", "a", "--clear-comment"], ["--enable", "--disable"],
                ["--default", "--disable"], ["--name"]):
        home.refuses("certificates", "update", ident, *bad)
    home.fails("not-found", "certificates", "update", "00000000-0000-4000-8000-000000000000", "--name", "x")


def test_replace():
    """certificates replace: the same identity, another one refused or allowed"""
    item = wallet(baseName="pass.com.example.shop.edit")[0]
    longer = make_pass("longer.p12", "pass.com.example.shop.edit", "ABCDE12345", "--days", "700")
    replaced = home.json("certificates", "replace", item["id"], longer, "--password-fd", "3", secret=PASSWORD)
    assert replaced["id"] == item["id"] and replaced["validityEnd"] > item["validityEnd"]
    assert replaced["comment"] == item["comment"], replaced
    other = make_pass("other.p12", "pass.com.example.shop.other")
    home.fails("conflict", "certificates", "replace", item["id"], other, "--password-fd", "3", secret=PASSWORD)
    assert home.json("certificates", "show", item["id"])["baseName"] == "pass.com.example.shop.edit"
    forced = home.json("certificates", "replace", item["id"], other, "--password-fd", "3", "--allow-other-identity",
                       secret=PASSWORD)
    assert forced["baseName"] == "pass.com.example.shop.other", forced
    home.refuses("certificates", "replace", item["id"])


def test_remove():
    """certificates remove asks, and never the default one"""
    item = wallet(baseName="pass.com.example.shop.other")[0]
    assert "--yes" in home.refuses("certificates", "remove", item["id"])
    status, shown = home.on_terminal([("[yes/no]", "no")], "certificates", "remove", item["id"])
    assert status == 1 and "nothing was changed" in shown, shown
    assert wallet(id=item["id"])
    status, shown = home.on_terminal([("[yes/no]", "yes")], "certificates", "remove", item["id"])
    assert status == 0 and "was removed" in shown, shown
    assert not wallet(id=item["id"])
    assert home.fails("not-found", "certificates", "remove", item["id"], "--yes")
    home.fails("conflict", "certificates", "remove", wallet(default=True)[0]["id"], "--yes")
    off = wallet(baseName="pass.com.example.shop.off")[0]["id"]
    assert home.json("certificates", "remove", off, "--yes") == {"id": off, "removed": True}


def test_prompt():
    """a password is asked for on a terminal, and never shown"""
    path = make_pass("asked.p12", "pass.com.example.shop.asked")
    status, shown = home.on_terminal([("Password for", "wrong"), ("Password for", PASSWORD)], "certificates", "add", path)
    assert status == 0 and "pass.com.example.shop.asked" in shown and PASSWORD not in shown, shown


def test_files():
    """certificates watch and forget"""
    watched = home.json("certificates", "watch", home.file("x.pem"))
    assert watched["source"] == "files" and watched["id"].startswith("file:///"), watched
    assert [i["id"] for i in home.json("certificates", "list", "--source", "files")] == [watched["id"]]
    assert home.json("certificates", "forget", home.file("x.pem"))["forgotten"] is True
    assert home.json("certificates", "list", "--source", "files") == []
    home.fails("not-found", "certificates", "forget", home.file("x.pem"))
    home.fails("unreadable", "certificates", "watch", home.file("missing.pem"))


def test_upload():
    """certificates upload to Commerce Hub"""
    upload = home.json("certificates", "upload", home.file("x.pem"), "--algorithm", "JWE", "--used-for", "RTAU")
    assert re.fullmatch("[0-9a-f]{64}", upload["publicKeySha256"]) and upload["clientKeyId"], upload
    assert upload["publicKeyHash"], upload
    item = home.json("certificates", "list", "--source", "hub")[0]
    assert item["source"] == "hub" and item["state"] == "soon" or item["state"] == "fine" or item["state"] == "act", item
    named = home.json("certificates", "upload", home.file("x.pem"), "--key-id", "my-key-1")
    assert named["clientKeyId"] == "my-key-1", named
    home.refuses("certificates", "upload", home.file("x.pem"), "--algorithm", "ROT13")
    home.refuses("certificates", "upload")
    home.fails("unreadable", "certificates", "upload", home.file("missing.pem"))
    text = home.run("certificates", "upload", home.file("x.pem"))
    assert text.status == 0 and "Service's hash" in text.out, text


def test_keys():
    """keys: list, advise, rotate, generate"""
    keys = home.json("keys", "list")
    assert keys and keys == sorted(keys, key=lambda k: k["validFrom"], reverse=True)
    advice = home.json("keys", "advise")
    assert set(advice) == {"at", "use", "accepted", "notAccepted", "rotateFrom", "reminders"} and len(advice["reminders"]) == 3
    assert advice["use"] == [k["keyId"] for k in keys if k["standing"] == "use"][0]
    rotated = home.json("keys", "rotate")
    assert rotated["rotated"] is True and re.fullmatch(UUID, rotated["keyId"]), rotated
    again = home.json("keys", "rotate")
    assert again["rotated"] is False and re.fullmatch(TIME, again["rotateFrom"]), again
    # Of two keys of the same second neither is the newer one.
    time.sleep(1.1)
    key = home.json("keys", "generate")
    assert {"keyId", "encryptionType", "modulus", "validFrom", "validTo", "status", "publicKey", "clientRequestId",
            "traceId"} <= key.keys()
    assert key["status"] == "ACTIVE" and key["publicKey"]["algorithm"] == "RSA" and key["publicKey"]["bits"] == 2048
    assert home.json("keys", "advise")["use"] == key["keyId"]
    assert home.json("keys", "advise")["accepted"][0] == rotated["keyId"]
    assert "use now" in home.run("keys", "list").out
    later = home.json("keys", "advise", "--at", "2099-01-01T00:00:00Z")
    assert later["use"] is None and later["reminders"] == [] and key["keyId"] in later["notAccepted"], later
    assert key["keyId"] in home.run("keys", "advise").out
    for bad in (["advise", "--at", "noon"], ["generate", "x"], ["list", "x"], ["rotate", "x"], ["genrate"], []):
        home.refuses("keys", *bad)
    assert "did you mean “generate”" in home.refuses("keys", "genrate")


def test_dated_example():
    """keys import, and the three keys of the service's documents"""
    own = Home(sys.argv[1])
    try:
        answers = [{"asymmetricKeyDetails": {
            "keyId": "key-%d" % n, "encryptionType": "RSA", "modulus": 2048, "status": "ACTIVE",
            "encodedPublicKey": public_key(), "validFrom": begin, "validTo": end}} for n, begin, end in (
                (1, "2023-01-01T00:00:00Z", "2023-01-07T23:59:59Z"),
                (2, "2023-01-06T00:00:00.123456Z", "2023-01-12T23:59:59Z"),
                (3, "2023-01-11T08:00:01Z", "2023-01-18T20:00:00Z"))]
        assert own.json("keys", "import", data=json.dumps(answers))["imported"] is True
        for at, use, accepted, refused in (("2023-01-02T14:30:00Z", "key-1", [], ["key-3", "key-2"]),
                                           ("2023-01-06T08:30:00Z", "key-2", ["key-1"], ["key-3"]),
                                           ("2023-01-11T23:45:00Z", "key-3", ["key-2"], ["key-1"])):
            advice = own.json("keys", "advise", "--at", at)
            refused_here = [k for k in advice["notAccepted"] if k.startswith("key-")]
            assert (advice["use"], advice["accepted"], refused_here) == (use, accepted, refused), advice
        own.fails("protocol", "keys", "import", data="{}")
        own.fails("protocol", "keys", "import", data="not json")
    finally:
        own.remove()


def public_key():
    path = home.file("import.key")
    if not os.path.exists(path):
        subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
    der = subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"], check=True, capture_output=True)
    return base64.b64encode(der.stdout).decode()


def test_export():
    """keys export: PEM, DER, JSON, to a file; never one that is revoked"""
    key = home.json("keys", "advise")["use"]
    sha = [k for k in home.json("keys", "list") if k["keyId"] == key][0]["publicKey"]["sha256"]
    der = home.run("keys", "export", key, "--format", "der").raw
    pem = home.run("keys", "export", key, "--format", "pem").raw
    exported = json.loads(home.run("keys", "export", key, "--format", "json").out)
    assert exported["keyId"] == key and base64.b64decode(exported["encodedPublicKey"]) == der
    from_pem = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=pem, capture_output=True, check=True)
    assert from_pem.stdout == der
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-r"], input=der, capture_output=True, check=True)
    assert digest.stdout.decode().split()[0] == sha
    home.json("keys", "export", key, "--format", "pem", "--output", home.file("key.pem"))
    assert open(home.file("key.pem"), "rb").read() == pem
    assert home.json("keys", "export", key, "--format", "pem")["data"].encode() == pem
    home.json("keys", "mark", key, "--in-use", "--offline-limit", "25.50", "--currency", "USD")
    marked = home.json("keys", "export", key, "--format", "json")
    assert marked["offlineLimit"] == 2550 and marked["offlineCurrency"] == "USD", marked
    assert home.json("keys", "mark", key, "--not-in-use")["offlineLimit"] == 2550
    for bad in (["--in-use", "--not-in-use"], [], ["--offline-limit", "5"], ["--currency", "USD"],
                ["--offline-limit", "5.123", "--currency", "USD"], ["--offline-limit", "-5", "--currency", "USD"],
                ["--offline-limit", "5", "--currency", "usd"]):
        home.refuses("keys", "mark", key, *bad)
    home.refuses("keys", "export", key)
    home.refuses("keys", "export", key, "--format", "xml")
    home.refuses("keys", "export")
    home.fails("not-found", "keys", "export", "nobody", "--format", "pem")
    home.fails("not-found", "keys", "mark", "nobody", "--in-use")


def test_encrypt():
    """keys encrypt: decrypted with the private key"""
    own = Home(sys.argv[1])
    try:
        key = {"keyId": "mine", "encryptionType": "RSA", "modulus": 2048, "encodedPublicKey": public_key(),
               "validFrom": "2023-01-01T00:00:00Z", "validTo": "2090-01-01T00:00:00Z", "status": "ACTIVE"}
        own.json("keys", "import", data=json.dumps({"asymmetricKeyDetails": key}))
        card = '{"cardData":"4005550000000019","nameOnCard":"Jörg"}'
        for result in (own.run("--json", "keys", "encrypt", "mine", data=card),
                       own.run("keys", "encrypt", "mine", data=card)):
            assert result.status == 0, result
            data = result.doc
            assert data["encryptionBlockFields"] == "card.cardData:16,card.nameOnCard:5", data
            assert data["keyId"] == "mine" and data["encryptionTarget"] == "MANUAL" and data["encryptionType"] == "RSA"
            own.write("block", base64.b64decode(data["encryptionBlock"]))
            plain = subprocess.run(
                ["openssl", "pkeyutl", "-decrypt", "-inkey", home.file("import.key"), "-in", own.file("block"), "-pkeyopt",
                 "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256", "-pkeyopt", "rsa_mgf1_md:sha256"],
                capture_output=True, check=True).stdout
            assert plain.decode() == "4005550000000019Jörg"
        error = own.fails("rejected", "keys", "encrypt", "mine", data='{"cardData":"%s"}' % ("7" * 200))
        assert "200" in error["message"] and "190" in error["message"] and "777" not in error["message"]
        own.fails("rejected", "keys", "encrypt", "mine", data='{"cardData":4005}')
        own.fails("rejected", "keys", "encrypt", "mine", data="[]")
        own.fails("not-found", "keys", "encrypt", "nobody", data=card)
    finally:
        own.remove()


def test_revoke():
    """keys revoke: asks, then it is never handed out again"""
    key = home.json("keys", "advise")["use"]
    assert "--yes" in home.refuses("keys", "revoke", key)
    status, shown = home.on_terminal([("[yes/no]", "")], "keys", "revoke", key)
    assert status == 1 and "nothing was changed" in shown, shown
    status, shown = home.on_terminal([("[yes/no]", "y")], "keys", "revoke", key)
    assert status == 0 and "REVOKED" in shown, shown
    advice = home.json("keys", "advise")
    assert advice["use"] != key and key in advice["notAccepted"]
    home.fails("rejected", "keys", "export", key, "--format", "pem")
    home.fails("rejected", "keys", "encrypt", key, data='{"a":"b"}')
    assert home.json("keys", "revoke", key, "--yes")["status"] == "REVOKED"
    home.refuses("keys", "revoke")
    assert home.fails("rejected", "keys", "revoke", "nobody", "--yes")["httpStatus"] == 400


def test_revoke_last():
    """keys revoke: says so where no usable key remains"""
    own = Home(sys.argv[1])
    try:
        while True:
            key = own.json("keys", "advise")["use"]
            result = own.run("keys", "revoke", key, "--yes")
            assert result.status == 0, result
            if own.json("keys", "advise")["use"] is None:
                break
            assert "no usable key" not in result.err, result
        assert "no usable key remains" in result.err, result
    finally:
        own.remove()


def test_credentials():
    """credentials request: masked unless asked for"""
    masked = home.run("--json", "credentials", "request")
    assert masked.status == 0 and "header" not in masked.doc, masked
    assert masked.doc["accessToken"].startswith("••••") and len(masked.doc["accessToken"]) == 12
    shown = home.json("credentials", "request", "--minutes", "10", "--show-secrets")
    assert shown["header"] == "Authorization: Bearer " + shown["accessToken"] and len(shown["accessToken"]) > 20
    assert re.fullmatch(TIME, shown["issuedAt"]) and re.fullmatch(TIME, shown["endsAt"])
    assert shown["publicKey"]["algorithm"] == "RSA" and shown["publicKey"]["bits"] == 2048
    text = home.run("credentials", "request", "--show-secrets", "--redirect", "https://shop.example/back")
    assert text.status == 0 and re.search(r"Access token +\w{20,}\n", text.out), text
    assert "••••" in home.run("credentials", "request").out
    for bad in (["--minutes", "0"], ["--minutes", "31"], ["--minutes", "x"], ["--redirect", "http://shop.example/"], ["x"]):
        home.refuses("credentials", "request", *bad)


def test_root_ca():
    """devices root-ca"""
    pem = home.run("devices", "root-ca")
    assert pem.status == 0 and pem.out.startswith("-----BEGIN CERTIFICATE-----"), pem
    doc = home.json("devices", "root-ca")
    assert doc["pem"] == pem.out and len(doc["certificates"]) == 1 and len(doc["certificates"][0]["sha256"]) == 64
    assert home.json("devices", "root-ca", "--output", home.file("root.pem"))["file"] == home.file("root.pem")
    assert open(home.file("root.pem"), encoding="ascii").read() == pem.out
    home.refuses("devices", "root-ca", "x")
    home.refuses("devices")
    home.fails("unreadable", "devices", "root-ca", "--output", home.file("no/such/folder"))


def test_log():
    """log: who did what, whole and since a time"""
    lines = home.json("log")
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    events = {line["event"] for line in lines}
    assert {"keys.generate", "keys.revoke", "certificates.add", "certificates.remove", "certificates.replace",
            "certificates.update", "certificates.upload"} <= events, events
    assert all(line["actor"] and re.fullmatch("[0-9a-f]{64}", line["hash"]) for line in lines)
    assert home.json("log", "--verify") == {"verified": True, "lines": len(lines)}
    assert home.json("log", "--since", "2099-01-01") == []
    assert home.json("log", "--since", "2001-01-01T00:00:00Z") == lines
    assert home.run("log").out.splitlines()[0].startswith("LINE")
    for bad in (["--since", "yesterday"], ["x"], ["--verify", "--since", "2001-01-01"]):
        home.refuses("log", *bad)


def test_pending():
    """pending: nothing is open after all this"""
    assert home.json("pending", "list") == [] and home.json("pending", "settle") == []
    home.refuses("pending", "done")
    home.refuses("pending", "done", "x")
    home.refuses("pending", "not-done", "0")
    home.refuses("pending")
    home.fails("not-found", "pending", "done", "4711")


def test_profiles():
    """profile: add, show, use, test, remove"""
    assert home.json("profile", "add", "Second", "--environment", "practice")["environment"] == "practice"
    home.fails("conflict", "profile", "add", "Second", "--environment", "practice")
    assert [p["name"] for p in home.json("profile", "list") if p["current"]] == ["Practice"]
    home.json("profile", "use", "Second")
    assert [p["name"] for p in home.json("profile", "list") if p["current"]] == ["Second"]
    probes = home.json("profile", "test", "Practice")
    assert [p["service"] for p in probes] == ["hub", "wallet", "devices"] and all(p["works"] for p in probes), probes
    shown = home.json("profile", "show", "Second")
    assert shown["current"] is True and set(shown["secrets"]) == {"hub", "wallet", "devices"}, shown
    assert home.run("profile", "show", "Second").out.startswith("Second\n")
    assert home.json("profile", "remove", "Second")["name"] == "Second"
    home.fails("not-found", "profile", "use", "Second")
    home.fails("not-found", "profile", "remove", "Second")
    for bad in (["add", "x"], ["add", "x", "--environment", "moon"], ["add"], ["show"], ["use"], ["test"], ["remove"],
                ["secret", "x"], ["secret", "x", "moon"], ["secret", "x", "hub"], ["secret", "x", "hub", "--secret-fd", "x"]):
        home.refuses("profile", *bad)
    for url in ("http://shop.example", "https://user:pw@shop.example", "https://shop.example\\@evil", "ftp://x"):
        result = home.run("--json", "profile", "add", "Bad", "--environment", "test", "--wallet-url", url)
        assert result.status == 1 and result.error["code"] == "rejected", result
    home.fails("unreadable", "profile", "add", "Bad", "--environment", "test", "--ca", home.file("missing"))
    home.fails("not-a-certificate-file", "profile", "add", "Bad", "--environment", "test", "--ca", home.write("n", "n"))


def test_beside():
    """beside somebody who has the store: looking works, changing waits and says why"""
    with open(os.path.join(home.folder(), "tillkeeper.lock"), "r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert home.json("certificates", "list", "--source", "wallet")
        assert home.run("check").status == 2
        assert home.json("keys", "list") and home.json("log") and home.json("profile", "list")
        begun = time.monotonic()
        home.fails("store-locked", "keys", "generate")
        assert time.monotonic() - begun < 15
    assert home.json("keys", "rotate")


def test_at_once():
    """many that look at the same time"""
    children = [home.start("--json", "certificates", "list", stdin=subprocess.DEVNULL) for _ in range(4)]
    for child in children:
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0 and len(json.loads(out)) > 3, err


def test_current_after_remove():
    """the commands work on after the current profile was removed"""
    home.json("profile", "use", "Practice")
    assert home.json("keys", "list")


TESTS = [test_nothing, test_list, test_list_options, test_show, test_add_and_renew, test_add_bad, test_update, test_replace,
         test_remove, test_prompt, test_files, test_upload, test_keys, test_dated_example, test_export, test_encrypt,
         test_revoke, test_revoke_last, test_credentials, test_root_ca, test_log, test_pending, test_profiles,
         test_current_after_remove, test_beside, test_at_once]

if __name__ == "__main__":
    try:
        sys.exit(main(TESTS))
    finally:
        home.remove()
