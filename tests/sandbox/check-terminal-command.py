#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`tillkeeperctl sandbox` and its terminal, line by line, as TAP.

    check-terminal-command.py TILLKEEPERCTL
"""
import calendar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

from stranger import run, temporary

SECONDS = 60


class Command:
    """The command, its lines as they come."""

    def __init__(self, folder, *words):
        environment = {**os.environ, "HOME": folder, "XDG_DATA_HOME": folder + "/data", "XDG_CONFIG_HOME": folder + "/config",
                       "XDG_STATE_HOME": folder + "/log", "XDG_RUNTIME_DIR": folder}
        self.child = subprocess.Popen([sys.argv[1], *words[:1], "sandbox", "--state", folder + "/state", *words[1:]],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                      env=environment)
        self.ready = self.line()
        self.terminal = self.ready["terminal"]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.child.poll() is None:
            self.stop()

    def line(self):
        text = self.child.stdout.readline()
        assert text, self.child.stderr.read()
        return json.loads(text)

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        out, err = self.child.communicate(timeout=SECONDS)
        assert self.child.returncode == 0, (self.child.returncode, out, err)
        return out

    def pair(self, pos_id, code, pem=None):
        name = self.terminal["serial"] + ".pgw.seclib.io"
        port = self.terminal["https"].rsplit(":", 1)[1]
        words = ["--cert", pem] if pem else []
        return subprocess.run(["curl", "-sS", "--noproxy", "*", "--max-time", str(SECONDS), "--cacert",
                               self.terminal["rootCertificateFile"], "--resolve", "%s:%s:127.0.0.1" % (name, port), *words,
                               "--data-binary", json.dumps({"posId": pos_id, "setupCode": code}),
                               "https://%s:%s/" % (name, port)], capture_output=True, text=True, check=True).stdout


def seconds_of(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def test_first_line():
    """the first line has where the terminal is and what it shows"""
    with temporary() as folder, Command(folder, "--verbose") as box:
        names = ["https", "wss", "serial", "rootCertificate", "rootCertificateFile", "setupCode", "expiresAt"]
        assert list(box.terminal) == names, box.terminal
        assert list(box.ready)[:8] == ["event", "hubUrl", "walletUrl", "devicesUrl", "caFile", "hub", "wallet", "devices"]
        assert re.fullmatch("[A-Z0-9]{8}", box.terminal["setupCode"]) and re.fullmatch("[0-9]{10}", box.terminal["serial"])
        assert re.fullmatch(r"https://127\.0\.0\.1:[0-9]+", box.terminal["https"])
        assert box.terminal["wss"] == box.terminal["https"].replace("https", "wss")
        assert box.terminal["rootCertificate"] == open(box.terminal["rootCertificateFile"]).read()
        assert box.terminal["rootCertificate"].startswith("-----BEGIN CERTIFICATE-----\n")
        assert 240 < seconds_of(box.terminal["expiresAt"]) - time.time() <= 301


def test_events():
    """a line follows for each wrong code, each activation and each new code"""
    with temporary() as folder, Command(folder, "--json") as box:
        first = box.terminal["setupCode"]
        assert "ErrorResponse" in box.pair("x", "wrong")
        assert box.line() == {"event": "terminal-wrong-code", "from": "127.0.0.1", "tries": 1, "withdrawn": False}
        assert "BEGIN RSA PRIVATE KEY" in box.pair("COUNTER-03", first)
        event = box.line()
        assert list(event) == ["event", "posId", "from", "serial", "notAfter"], event
        assert (event["event"], event["posId"], event["from"]) == ("terminal-activated", "COUNTER-03", "127.0.0.1")
        assert re.fullmatch("[0-9a-f]{32}", event["serial"]) and seconds_of(event["notAfter"]) > time.time() + 364 * 86400
        event = box.line()
        assert list(event) == ["event", "setupCode", "expiresAt"] and event["event"] == "terminal-code", event
        second = event["setupCode"]
        assert second != first and "ErrorResponse" in box.pair("x", first)
        assert box.line()["tries"] == 1
        assert "BEGIN RSA PRIVATE KEY" in box.pair("COUNTER-04", second)
        assert [box.line()["event"] for _ in range(2)] == ["terminal-activated", "terminal-code"]
        for number in range(1, 6):
            assert "ErrorResponse" in box.pair("x", "wrong")
            assert box.line() == {"event": "terminal-wrong-code", "from": "127.0.0.1", "tries": number,
                                  "withdrawn": number == 5}
        assert box.stop() == ""


def test_timer():
    """a new code comes by itself when the time of the old one is over"""
    with temporary() as folder, Command(folder, "--json", "--assume", "terminal-code-seconds=2") as box:
        codes = [box.terminal["setupCode"]] + [box.line()["setupCode"] for _ in range(2)]
        assert len(set(codes)) == 3, codes


def test_options():
    """--terminal-port is tried first, another free one is taken instead, and faults reach the terminal"""
    with socket.create_server(("127.0.0.1", 0)) as taken, temporary() as folder:
        port = str(taken.getsockname()[1])
        with Command(folder, "--json", "--terminal-port", port, "--fault", "terminal-refuse=starting") as box:
            assert not box.terminal["https"].endswith(":" + port)
            assert "starting" in box.pair("x", box.terminal["setupCode"])
            serial = box.terminal["serial"]
        taken.close()
        with Command(folder, "--json", "--terminal-port", port) as box:
            assert box.terminal["https"].endswith(":" + port) and box.terminal["serial"] == serial
    with temporary() as folder:
        for bad in ("x", "-1", "65536", ""):
            done = subprocess.run([sys.argv[1], "sandbox", "--state", folder, "--terminal-port", bad], capture_output=True,
                                  text=True, check=False, timeout=SECONDS, stdin=subprocess.DEVNULL)
            assert done.returncode == 2 and "terminal-port" in done.stderr, (bad, done)


if __name__ == "__main__":
    sys.exit(run([test_first_line, test_events, test_timer, test_options]))
