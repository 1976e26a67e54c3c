#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tillkeeperctl check: grades, thresholds and its four forms, as TAP.

    check-check.py TILLKEEPERCTL
"""
import base64
import datetime
import json
import re
import subprocess
import sys

from driver import Home, main

home = Home(sys.argv[1])
NOW = datetime.datetime.now(datetime.timezone.utc)


def iso(**delta):
    return (NOW + datetime.timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def make_certificate(where, name, days):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                    "/CN=" + name, "-days", str(days), "-keyout", where.file("k"), "-out", where.file(name)],
                   check=True, capture_output=True)
    return where.file(name)


def bare():
    """A home whose profile has no services: what is watched here is all there is."""
    own = Home(sys.argv[1])
    own.json("profile", "add", "Bare", "--environment", "test")
    return own


def check(own, *words):
    result = own.run("check", *words)
    assert len(result.out.splitlines()) == 1, result
    return result


def test_practice():
    """the examples of Practice: critical, and why"""
    result = check(home)
    assert result.status == 2 and result.out.startswith("CRITICAL - "), result
    doc = home.run("--json", "check")
    assert doc.status == 2 and doc.doc["status"] == "critical" and doc.doc["error"] is None, doc
    assert {i["status"] for i in doc.doc["items"]} >= {"ok", "warning", "critical"}
    assert doc.doc["profile"] == "Practice" and doc.doc["warningDays"] == 30 and doc.doc["criticalDays"] == 7
    assert home.run("check", "--format", "json").doc["status"] == "critical"
    order = [i["actBy"] for i in doc.doc["items"] if i["matters"]]
    assert order == sorted(order)
    for item in doc.doc["items"]:
        assert (item["days"] < 0) == (item["state"] == "expired"), item


def test_nothing():
    """nothing ends: ok"""
    own = bare()
    try:
        result = check(own)
        assert result.status == 0 and result.out == "OK - nothing ends\n", result
    finally:
        own.remove()


def test_thresholds():
    """days before the end: ok, warning, critical, by the options"""
    own = bare()
    try:
        own.json("certificates", "watch", make_certificate(own, "twenty.pem", 20))
        for words, status, word in (((), 1, "WARNING"), (("--warning", "10"), 0, "OK"),
                                    (("--critical", "25"), 2, "CRITICAL"), (("--warning", "19"), 0, "OK"),
                                    (("--warning", "20", "--critical", "0"), 1, "WARNING"),
                                    (("--warning", "0", "--critical", "0"), 0, "OK")):
            result = check(own, *words)
            assert result.status == status and result.out.startswith(word + " - "), (words, result)
        assert re.search(r"'twenty\.pem'=(19|20);30:;7:\n", check(own).out)
        assert re.search(r"'twenty\.pem'=(19|20);10:;5:\n", check(own, "--warning", "10", "--critical", "5").out)
        own.json("certificates", "watch", make_certificate(own, "year.pem", 365))
        assert check(own, "--warning", "400").status == 1
        own.write("year.pem", "gone wrong")
        result = check(own)
        assert result.status == 3 and result.out.startswith("UNKNOWN - "), result
    finally:
        own.remove()


def test_labels():
    """performance data: quotes, equal signs and bars in names"""
    own = bare()
    try:
        own.json("certificates", "watch", make_certificate(own, "o'neil=a|b.pem", 90))
        result = check(own)
        assert re.search(r"'o''neil_a_b\.pem'=(89|90);30:;7:\n", result.out), result
        assert result.out.count("|") == 1, result
    finally:
        own.remove()


def test_keys():
    """keys follow the rule of their service"""
    for until, status in ((dict(days=10), 0), (dict(hours=73), 0), (dict(hours=71), 1), (dict(hours=47), 2)):
        own = bare()
        try:
            details = {"keyId": "the-key", "encryptionType": "RSA", "modulus": 2048, "validFrom": iso(days=-10),
                       "validTo": iso(**until), "status": "ACTIVE", "encodedPublicKey": public_key()}
            own.json("keys", "import", data=json.dumps({"asymmetricKeyDetails": details}))
            result = check(own)
            assert result.status == status and "'the-key'=" in result.out and ";3:;2:" in result.out, (until, result)
        finally:
            own.remove()


def test_no_key():
    """keys that have all ended: no usable key"""
    own = bare()
    try:
        details = {"keyId": "old-key", "encryptionType": "RSA", "modulus": 2048, "validFrom": iso(days=-20),
                   "validTo": iso(days=-1), "status": "ACTIVE", "encodedPublicKey": public_key()}
        own.json("keys", "import", data=json.dumps({"asymmetricKeyDetails": details}))
        result = check(own)
        assert result.status == 2 and "no usable encryption key" in result.out, result
        assert own.run("--json", "check").doc["noUsableKey"] is True
    finally:
        own.remove()


def public_key():
    der = subprocess.run("openssl genrsa 2048 2>/dev/null | openssl pkey -pubout -outform DER", shell=True, check=True,
                         capture_output=True).stdout
    return base64.b64encode(der).decode()


def test_prometheus():
    """the text format of Prometheus"""
    own = bare()
    try:
        own.json("certificates", "watch", make_certificate(own, 'a"b\\c.pem', 90))
        result = own.run("check", "--format", "prometheus")
        assert result.status == 0 and result.out.endswith("\n"), result
        label = r'[a-z]+="(?:[^"\\\n]|\\["\\n])*"'
        kinds = {}
        for line in result.out.splitlines():
            if line.startswith("# "):
                found = re.fullmatch(r"# (HELP|TYPE) (tillkeeper_[a-z_]+) (.+)", line)
                assert found, line
                kinds.setdefault(found[2], []).append(found[1])
            else:
                found = re.fullmatch(r"(tillkeeper_[a-z_]+)\{%s(?:,%s)*\} -?\d+" % (label, label), line)
                assert found and kinds[found[1]] == ["HELP", "TYPE"], line
        assert 'title="a\\"b\\\\c.pem"' in result.out, result
        assert 'tillkeeper_check_success{profile="Bare",environment="test"} 1' in result.out
        assert "tillkeeper_check_status{" in home.run("check", "--format", "prometheus").out
    finally:
        own.remove()


def test_calendar():
    """the calendar: folded lines, stable names, alarms"""
    first = home.run("check", "--format", "ics")
    second = home.run("check", "--format", "ics")
    assert first.status == 2
    lines = first.raw.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines) and b"\n" not in first.raw.replace(b"\r\n", b"")
    whole = first.raw.decode().replace("\r\n ", "")
    uids = re.findall("^UID:(.*)\r$", whole, re.M)
    assert len(set(uids)) == len(uids) == whole.count("BEGIN:VEVENT") > 3
    assert uids == re.findall("^UID:(.*)\r$", second.raw.decode().replace("\r\n ", ""), re.M)
    assert whole.count("BEGIN:VALARM") >= len(uids) and whole.count("END:VEVENT") == len(uids)
    key = [i for i in home.run("--json", "check").doc["items"] if i["source"] == "keys" and i["matters"]][0]
    assert "DTSTART:" + key["actBy"].replace("-", "").replace(":", "") in whole


def test_usage():
    """a wrong command line is unknown (3), not critical"""
    for bad in (["--format", "xml"], ["--warning", "x"], ["--warning", "-1"], ["--critical", "31"], ["extra"], ["--frmat", "x"],
                ["--format"], ["--json", "--format", "ics"]):
        home.refuses("check", *bad, status=3)
    assert home.run("check", "--help").status == 0
    unknown = home.run("--profile", "Nobody", "check")
    assert unknown.status == 3 and unknown.out.startswith("UNKNOWN - "), unknown
    assert home.run("--json", "--profile", "Nobody", "check").error["code"] == "not-found"


TESTS = [test_practice, test_nothing, test_thresholds, test_labels, test_keys, test_no_key, test_prometheus, test_calendar,
         test_usage]

if __name__ == "__main__":
    try:
        sys.exit(main(TESTS))
    finally:
        home.remove()
