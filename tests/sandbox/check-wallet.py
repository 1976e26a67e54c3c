#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wallet certificates as the sandbox pretends them: all calls, good and bad, and each assumption, as TAP."""
import base64
import json
import subprocess
import sys
import threading
import urllib.parse
import uuid

from stranger import Sandbox, run, temporary

NOW = 1767225600  # 1 January 2026, for a clock that stands still

DESCRIPTIONS = {400: "Invalid Request Parameters", 401: "Unauthorized",
                404: "The resource is no longer at that location.", 406: "Not Acceptable Request",
                405: "Method Not Allowed", 500: "Internal Server Error"}


def refused(answer, status, words=""):
    assert answer.status == status, (answer, status)
    body = answer.json
    assert body["code"] == status and body["description"] == DESCRIPTIONS[status], answer
    assert words in body["details"], (answer, words)
    return answer


def done(answer, status):
    assert answer.status == status, (answer, status)
    assert answer.headers["content-type"] == "application/json; charset=utf-8", answer
    return answer.json


def defaults(box):
    return [one["id"] for one in box.all_certificates() if one["default"]]


def body_of(box, pass_type, p12_options=None, **members):
    return {"vendor": "Apple", "certificate": box.p12(pass_type, **(p12_options or {})), "password": "secret", **members}


def test_login():
    """only the right user with the documented revision gets in"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        user, secret = box.info["walletUser"], box.info["walletSecret"]

        def basic(text):
            return "Basic " + base64.b64encode(text.encode()).decode()

        assert box.wallet("GET").status == 200
        assert box.wallet("GET", Authorization="basic " + basic("%s:%s" % (user, secret))[6:]).status == 200
        for wrong in (None, "", "Basic", "Basic ", "Basic x", basic("%s:wrong" % user), basic("wrong:" + secret),
                      basic(user), basic(user + secret), "Bearer " + secret, basic("%s:%s" % (user, secret)) + "=",
                      "Basic " + "A" * 5000):
            answer = refused(box.wallet("GET", Authorization=wrong), 401)
            assert answer.headers["www-authenticate"].startswith("Basic "), answer
        with box.assuming("wallet-bad-login=500", "401"):
            refused(box.wallet("GET", Authorization=None), 500, "Error reading the api key")
        for wrong in (None, "", "1.1", "1.2.0"):
            refused(box.wallet("GET", Api_Revision=wrong), 406, "Api-Revision")
        with box.assuming("wallet-revision=400", "406"):
            refused(box.wallet("GET", Api_Revision=None), 400, "Api-Revision")
        with box.assuming("wallet-revision=ignore", "406"):
            assert box.wallet("GET", Api_Revision=None).status == 200
        with box.assuming("wallet-get-type=406", "ignore"):
            refused(box.wallet("GET", Content_Type=None), 406, "Content-Type")
            assert box.wallet("GET").status == 200
        assert box.wallet("GET", Content_Type=None).status == 200
        # Nothing is told to who is not let in.
        for method, path in (("GET", "/" + str(uuid.uuid4())), ("DELETE", "/x"), ("POST", "")):
            refused(box.wallet(method, path, Authorization=None), 401)


def test_paths():
    """other paths and methods are not there"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        for path in ("/", "/x/y", "s", "/list/"):
            refused(box.wallet("GET", path), 404)
        refused(box.call("GET", "/v1/", box.wallet_headers()), 404)
        refused(box.call("GET", "/v1/templates", box.wallet_headers()), 404)
        for method, path in (("PUT", ""), ("DELETE", ""), ("PATCH", ""), ("POST", "/" + str(uuid.uuid4()))):
            refused(box.wallet(method, path), 404)
        with box.assuming("wrong-method=405", "404"):
            assert refused(box.wallet("DELETE"), 405).headers["allow"] == "GET, POST"
            assert refused(box.wallet("POST", "/x"), 405).headers["allow"] == "GET, PUT, DELETE"
        for method in ("GET", "PUT", "DELETE"):
            refused(box.wallet(method, "/" + str(uuid.uuid4()), {}), 404, "object not found :Certificate not found!")
            refused(box.wallet(method, "/not-a-uuid", {}), 400, "object not found")
            with box.assuming("wallet-unknown-id=400", "404"):
                refused(box.wallet(method, "/" + str(uuid.uuid4()), {}), 400)
            with box.assuming("wallet-bad-id=404", "400"):
                refused(box.wallet(method, "/%2e%2e", {}), 404)


def test_examples():
    """the example shop has a certificate in each state"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        found = {one["name"]: one for one in box.all_certificates()}
        assert len(found) == 6
        day = {name: one["validityEnd"][:10] for name, one in found.items()}
        assert day["Coupons"] == "2026-01-21" and day["Gift cards"] == "2026-01-04", day
        assert day["Summer festival"] == "2025-12-29" and day["Loyalty card"] == "2026-08-29", day
        assert [name for name, one in found.items() if one["expired"]] == ["Summer festival"]
        assert [name for name, one in found.items() if not one["enabled"]] == ["Staff passes"]
        assert [name for name, one in found.items() if one["nfcSupport"]] == ["Door and till"]
        assert [name for name, one in found.items() if one["default"]] == ["Loyalty card"]
        assert [name for name, one in found.items() if "templates" in one] == ["Loyalty card"]
        assert [sorted(one) for one in found["Loyalty card"]["templates"]] == [["id", "name"]] * 2
        for one in found.values():
            assert uuid.UUID(one["id"]) and one["vendor"] == "Apple" and one["teamIdentifier"] == "ABCDE12345"
            assert not {"certificate", "password"} & set(one)
            assert done(box.wallet("GET", "/" + one["id"]), 200) == one
            assert done(box.wallet("GET", "/" + one["id"].upper()), 200) == one
        box.assume("wallet-template-id=text")
        assert all(isinstance(one["id"], str) for one in
                   done(box.wallet("GET", "/" + found["Loyalty card"]["id"]), 200)["templates"])
        box.assume("wallet-show-default=never")
        assert not any("default" in one for one in box.all_certificates())
        box.assume("wallet-show-default=true")
        assert [one["name"] for one in box.all_certificates() if "default" in one] == ["Loyalty card"]


def test_add():
    """an added certificate is what is inside its file"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        body = body_of(box, "pass.com.example.a", dict(team="TEAM123456", nfc=True), name="A", comment="ä€",
                       enabled=False, default=False)
        one = done(box.wallet("POST", "", body), 201)
        assert uuid.UUID(one["id"]) and one["baseName"] == "pass.com.example.a" and one["teamIdentifier"] == "TEAM123456"
        assert one["nfcSupport"] and one["name"] == "A" and one["comment"] == "ä€" and not one["enabled"]
        assert one["validityStart"] == "2025-12-31T00:00:00Z" and one["validityEnd"] == "2026-10-28T00:00:00Z"
        assert not one["expired"] and not one["default"] and "templates" not in one
        assert one["createdAt"] == one["updatedAt"] == "2026-01-01T00:00:00Z"
        assert done(box.wallet("GET", "/" + one["id"]), 200) == one
        assert len(box.all_certificates()) == 7 and len(defaults(box)) == 1

        plain = done(box.wallet("POST", "", body_of(box, "pass.com.example.b")), 201)
        assert plain["enabled"] and not plain["default"] and "name" not in plain and not plain["nfcSupport"]
        moved = done(box.wallet("POST", "", body_of(box, "pass.com.example.c", default=True)), 201)
        assert moved["default"] and defaults(box) == [moved["id"]]
        with box.assuming("wallet-post-answer=short", "full"):
            brief = done(box.wallet("POST", "", body_of(box, "pass.com.example.d", name=None)), 201)
            assert not {"nfcSupport", "validityEnd", "expired"} & set(brief) and brief["baseName"]
        box.assume("times=fraction3")
        box.assume("numbers-as-text=yes")
        assert done(box.wallet("GET", "/" + one["id"]), 200)["validityEnd"].startswith("2026-10-28T00:00:00.")
        assert done(box.wallet("GET"), 200)["count"] == "10"


def test_bad_files():
    """a file that is not a pass certificate with its key is refused with its reason"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        def openssl(*words):
            return subprocess.run(["openssl", *words], capture_output=True, check=True, cwd=folder).stdout

        def pack(name, subject, *options, key=None):
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".pem",
                    "-subj", subject, "-days", "30")
            openssl("pkcs12", "-export", "-in", name + ".pem", "-inkey", (key or name) + ".key", "-out", name + ".p12",
                    "-passout", "pass:secret", *options)
            with open("%s/%s.p12" % (folder, name), "rb") as file:
                return base64.b64encode(file.read()).decode()

        good = box.p12("pass.com.example.a")
        cases = [
            ("wrong password", {"password": "wrong"}, "can not be opened"),
            ("no password", {"password": None}, "can not be opened"),
            ("not Base64", {"certificate": "%%%"}, "not Base64"),
            ("empty", {"certificate": ""}, "not Base64"),
            ("the sample of the documents", {"certificate": "NTUtNDc2Ni1hMzI4LWEwOGU3YWI2ZDk3Mg=="}, "can not be opened"),
            ("cut", {"certificate": good[:len(good) // 8 * 4]}, "can not be opened"),
            ("line breaks", {"certificate": "\n".join(good[i:i + 64] for i in range(0, len(good), 64))}, "line breaks"),
            ("not for passes", {"certificate": pack("plain", "/CN=shop.example")}, "not one for passes"),
            ("no team", {"certificate": pack("teamless", "/UID=pass.com.example.x/CN=Pass Type ID: pass.com.example.x")},
             "not one for passes"),
            ("no key", {"certificate": pack("keyless", "/CN=x", "-nokeys")}, "no private key"),
        ]
        pem = open(folder + "/plain.pem", "rb").read()
        cases.append(("a PEM certificate", {"certificate": base64.b64encode(pem).decode()}, "not a p12"))
        for name, change, words in cases:
            refused(box.wallet("POST", "", {"vendor": "Apple", "certificate": good, "password": "secret", **change}),
                    400, words)
        assert len(box.all_certificates()) == 6
        one = box.all_certificates()[0]
        for name, change, words in cases:
            refused(box.wallet("PUT", "/" + one["id"], {"certificate": good, "password": "secret", **change}), 400, words)
        assert one in box.all_certificates(), "a refused update changed something"

        # What the usual tools make is taken: old protection, other subject, line breaks where assumed.
        legacy = pack("legacy", "/UID=pass.com.example.l/CN=Pass Type ID: pass.com.example.l/OU=TEAM123456/O=X",
                      "-legacy", "-descert")
        found = done(box.wallet("POST", "", {"vendor": "Apple", "certificate": legacy, "password": "secret"}), 201)
        assert found["baseName"] == "pass.com.example.l" and found["teamIdentifier"] == "TEAM123456"
        with box.assuming("wallet-line-breaks=accept", "refuse"):
            done(box.wallet("POST", "", {"vendor": "Apple", "certificate": cases[6][1]["certificate"],
                                         "password": "secret"}), 201)
        ended = body_of(box, "pass.com.example.e", dict(start=-400 * 86400, end=-86400))
        assert done(box.wallet("POST", "", ended), 201)["expired"]
        with box.assuming("wallet-expired=refuse", "accept"):
            refused(box.wallet("POST", "", ended), 400, "expired")


def test_bad_bodies():
    """a body that is not as documented is refused"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        good = box.p12("pass.com.example.a")
        one = box.all_certificates()[0]
        for method, path in (("POST", ""), ("PUT", "/" + one["id"])):
            for body in (b"", b"{", b'{"a":1,"a":2}', b"x" * 100, b"{}{}", b"[" * 75000, b'{"name":"\xff"}',
                         b'{"name":"\\u0000"}'):
                refused(box.wallet(method, path, body), 406)
            refused(box.wallet(method, path, {}, Content_Type="text/plain"), 406)
            refused(box.wallet(method, path, b"[]"), 400, "object")
            full = {"vendor": "Apple", "certificate": good, "password": "secret"}
            for member, values in (("name", (5, [], True, "x" * 4097)), ("comment", (5, {})), ("enabled", ("true", 1)),
                                   ("default", ("false", 0, [])), ("certificate", (5, [])), ("password", (5, True))):
                for value in values:
                    refused(box.wallet(method, path, {**full, member: value}), 400, member)
        for vendor in (None, "Google", "apple", "", 5):
            refused(box.wallet("POST", "", {"vendor": vendor, "certificate": good, "password": "secret"}), 400, "vendor")
        refused(box.wallet("POST", "", {"vendor": "Apple"}), 400, "certificate")
        assert len(box.all_certificates()) == 6 and one in box.all_certificates()


def test_renew():
    """adding one of the same pass type and team renews the one that is there"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        old = next(one for one in box.all_certificates() if one["name"] == "Coupons")
        box.set_clock(NOW + 3600)
        new = done(box.wallet("POST", "", body_of(box, old["baseName"])), 201)
        assert new["id"] == old["id"] and new["createdAt"] == old["createdAt"]
        assert new["updatedAt"] == "2026-01-01T01:00:00Z" and new["validityEnd"] > old["validityEnd"]
        assert new["name"] == old["name"] and new["comment"] == old["comment"] and new["enabled"] == old["enabled"]
        assert len(box.all_certificates()) == 6
        new = done(box.wallet("POST", "", body_of(box, old["baseName"], name="Other", comment=None)), 201)
        assert new["name"] == "Other" and new["comment"] == old["comment"]
        # Another team is another certificate.
        other = done(box.wallet("POST", "", body_of(box, old["baseName"], dict(team="OTHER12345"))), 201)
        assert other["id"] != old["id"] and len(box.all_certificates()) == 7
        with box.assuming("wallet-renew-status=200", "201"):
            done(box.wallet("POST", "", body_of(box, old["baseName"])), 200)
            done(box.wallet("POST", "", body_of(box, "pass.com.example.fresh")), 201)
        with box.assuming("wallet-renew-names=remove", "keep"):
            new = done(box.wallet("POST", "", body_of(box, old["baseName"])), 201)
            assert "name" not in new and "comment" not in new
        default = next(one for one in box.all_certificates() if one["default"])
        refused(box.wallet("POST", "", body_of(box, default["baseName"], default=False)), 400, "default")
        assert done(box.wallet("GET", "/" + default["id"]), 200) == default
        assert done(box.wallet("POST", "", body_of(box, default["baseName"])), 201)["templates"] == default["templates"]


def test_update():
    """what is left out of an update and what is null are two things"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        one = next(one for one in box.all_certificates() if one["name"] == "Gift cards")
        path = "/" + one["id"]
        box.set_clock(NOW + 60)
        got = done(box.wallet("PUT", path, {"name": None, "comment": None}), 200)
        assert got == {**one, "updatedAt": "2026-01-01T00:01:00Z"}
        got = done(box.wallet("PUT", path, {"name": "New", "comment": None, "enabled": False}), 200)
        assert got["name"] == "New" and got["comment"] == one["comment"] and not got["enabled"]
        got = done(box.wallet("PUT", path, {"name": None, "comment": "", "enabled": None, "default": None, "id": "x",
                                            "vendor": "Google", "createdAt": "2000-01-01T00:00:00Z", "other": 1}), 200)
        assert got["name"] == "New" and got["comment"] == "" and not got["enabled"] and got["vendor"] == "Apple"
        assert got["createdAt"] == one["createdAt"]
        with box.assuming("wallet-null=refuse", "keep"):
            refused(box.wallet("PUT", path, {"enabled": None}), 400, "enabled")
        # The trap of the documented example: only the certificate, and both are gone.
        got = done(box.wallet("PUT", path, {"certificate": box.p12(one["baseName"]), "password": "secret"}), 200)
        assert "name" not in got and "comment" not in got and got["validityEnd"] == "2026-10-28T00:01:00Z"
        assert not got["enabled"]
        # Another identity inside the file.
        got = done(box.wallet("PUT", path, {"certificate": box.p12("pass.com.other", team="OTHER12345", nfc=True),
                                            "password": "secret"}), 200)
        assert (got["baseName"], got["teamIdentifier"], got["nfcSupport"]) == ("pass.com.other", "OTHER12345", True)
        assert got["id"] == one["id"]
        with box.assuming("other-identity=refuse", "allow"):
            refused(box.wallet("PUT", path, {"certificate": box.p12("pass.com.third"), "password": "secret"}), 400, "differs")
            done(box.wallet("PUT", path, {"certificate": box.p12("pass.com.other", team="OTHER12345"),
                                          "password": "secret"}), 200)
        # A certificate of null is none.
        got = done(box.wallet("PUT", path, {"certificate": None, "password": None, "name": "N"}), 200)
        assert got["baseName"] == "pass.com.other" and got["name"] == "N"


def test_default():
    """there is always exactly one default"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        first = defaults(box)[0]
        other = next(one["id"] for one in box.all_certificates() if not one["default"])
        refused(box.wallet("PUT", "/" + first, {"default": False, "name": "x"}), 400, "default")
        assert defaults(box) == [first]
        assert done(box.wallet("PUT", "/" + first, {"default": True}), 200)["default"]
        assert not done(box.wallet("PUT", "/" + other, {"default": False}), 200)["default"]
        assert done(box.wallet("PUT", "/" + other, {"default": True}), 200)["default"]
        assert defaults(box) == [other] and not done(box.wallet("GET", "/" + first), 200)["default"]

        refused(box.wallet("DELETE", "/" + other), 400, "default")
        refused(box.wallet("DELETE", "/" + first), 400, "2 templates")
        box.assume("wallet-delete-used=allow")
        answer = box.wallet("DELETE", "/" + first)
        assert answer.status == 204 and answer.body == b"" and "content-type" not in answer.headers, answer
        refused(box.wallet("DELETE", "/" + first), 404)
        refused(box.wallet("GET", "/" + first), 404)
        box.assume("wallet-delete-default=allow")
        for left in range(5, 0, -1):
            assert len(box.all_certificates()) == left and len(defaults(box)) == 1
            assert box.wallet("DELETE", "/" + defaults(box)[0]).status == 204
        assert box.all_certificates() == []
        # The first one becomes the default by itself.
        one = done(box.wallet("POST", "", body_of(box, "pass.com.example.a", default=False)), 201)
        assert one["default"] and box.wallet("DELETE", "/" + one["id"]).status == 204
        box.assume("wallet-first-default=no")
        assert not done(box.wallet("POST", "", body_of(box, "pass.com.example.a")), 201)["default"]


def query_of(url):
    return {name: values[0] for name, values in urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).items()}


def test_list():
    """order, filters and pages are as documented, the next page on the documented host"""
    with temporary() as folder, Sandbox(folder, "example-size=40", clock=NOW) as box:
        everything = box.all_certificates()
        assert len(everything) == 46
        answer = done(box.wallet("GET"), 200)
        assert answer["pagination"] == {"order": "id", "page": 1, "start": 0, "direction": "ASC", "pageSize": 10}
        assert answer["count"] == 10 and len(answer["certificates"]) == 10
        assert answer["nextPage"].startswith("https://wallet.urbanairship.com/v1/certificates/list/?page=2&pageSize=10")
        assert [one["id"] for one in everything] == sorted(one["id"] for one in everything)

        for order in ("id", "name", "createdAt", "updatedAt"):
            for direction in ("ASC", "DESC"):
                query = "?order=%s&direction=%s&pageSize=7" % (order, direction)
                found, page = [], 1
                while True:
                    answer = done(box.wallet("GET", query + "&page=%d" % page), 200)
                    assert answer["pagination"] == {"order": order, "page": page, "start": 7 * (page - 1),
                                                    "direction": direction, "pageSize": 7}
                    assert answer["count"] == len(answer["certificates"])
                    found += answer["certificates"]
                    if "nextPage" not in answer:
                        break
                    assert query_of(answer["nextPage"]) == {"page": str(page + 1), "pageSize": "7", "order": order,
                                                            "direction": direction}
                    page += 1
                assert page == 7 and len({one["id"] for one in found}) == 46
                keys = [(one[order], one["id"]) for one in found]
                assert keys == sorted(keys, reverse=direction == "DESC"), order
        assert done(box.wallet("GET", "?page=8&pageSize=7"), 200)["certificates"] == []

        assert len(box.all_certificates("&enabled=true")) == 45
        assert [one["name"] for one in box.all_certificates("&enabled=false")] == ["Staff passes"]
        assert len(box.all_certificates("&vendor=Apple")) == 46
        assert "enabled=true" in done(box.wallet("GET", "?enabled=true&pageSize=5"), 200)["nextPage"]
        # A change is seen at once, also by a list that was asked for before.
        done(box.wallet("PUT", "/" + everything[0]["id"], {"enabled": not everything[0]["enabled"]}), 200)
        assert len(box.all_certificates("&enabled=true")) != 45
        for query in ("vendor=Google", "enabled=yes", "order=size", "direction=up", "direction=asc", "page=0", "page=-1",
                      "page=x", "page=1.5", "pageSize=0", "pageSize=99999999999999999999", "page=", "pageSize=+1"):
            refused(box.wallet("GET", "?" + query), 400, query.split("=")[0])
        assert done(box.wallet("GET", "?page=10000000&pageSize=10000000"), 200)["certificates"] == []
        assert done(box.wallet("GET", "?unknown=x&%3Dz&=&&"), 200)["count"] == 10


def test_list_switches():
    """the assumptions about lists do what they say"""
    with temporary() as folder, Sandbox(folder, "example-size=14", clock=NOW) as box:
        with box.assuming("wallet-count=total", "page"):
            assert done(box.wallet("GET"), 200)["count"] == 20
        with box.assuming("wallet-envelope=plain", "full"):
            assert list(done(box.wallet("GET"), 200)) == ["certificates"]
        with box.assuming("wallet-next-page=none", "documented"):
            assert "nextPage" not in done(box.wallet("GET"), 200)
        with box.assuming("wallet-next-page=wrong-page", "documented"):
            assert query_of(done(box.wallet("GET"), 200)["nextPage"])["page"] == "11"
        with box.assuming("wallet-next-page=own", "documented"):
            link = done(box.wallet("GET", "?order=name"), 200)["nextPage"]
            assert link.startswith(box.info["walletUrl"] + "/certificates?")
            rest = done(box.call("GET", link[len(box.info["devicesUrl"]):], box.wallet_headers()), 200)
            assert len(rest["certificates"]) == 10 and "nextPage" not in rest
        with box.assuming("wallet-order=name", "id"):
            names = [one["name"] for one in box.all_certificates()]
            assert names == sorted(names)
        with box.assuming("wallet-page-size=3", "10"):
            assert done(box.wallet("GET"), 200)["count"] == 3
        with box.assuming("wallet-largest-page=5", "10000"):
            answer = done(box.wallet("GET", "?pageSize=100"), 200)
            assert answer["count"] == 5 and answer["pagination"]["pageSize"] == 5


def test_concurrent():
    """64 changes at a time leave exactly one default, and all that was answered is there"""
    with temporary() as folder, Sandbox(folder, "example-size=64") as box:
        ids = [one["id"] for one in box.all_certificates()][:64]
        answers = [None] * 64

        def ask(number):
            answers[number] = box.wallet("PUT", "/" + ids[number], {"name": "n%d" % number, "default": True})

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(answer.status == 200 for answer in answers)
        names = {one["id"]: one.get("name") for one in box.all_certificates()}
        assert [names[ids[number]] for number in range(64)] == ["n%d" % number for number in range(64)]
        assert len(defaults(box)) == 1 and defaults(box)[0] in ids
        kept = json.load(open(folder + "/wallet.json"))
        assert kept["defaultId"] == defaults(box)[0]


if __name__ == "__main__":
    sys.exit(run([test_login, test_paths, test_examples, test_add, test_bad_files, test_bad_bodies, test_renew,
                  test_update, test_default, test_list, test_list_switches, test_concurrent]))
