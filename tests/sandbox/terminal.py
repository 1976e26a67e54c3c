# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of the sandbox's terminal that have nothing of ours: curl, openssl, Python's ssl and python3-websockets.

Used by check-terminal.py and check-terminal-wire.py.
"""
import asyncio
import json
import os
import re
import socket
import ssl
import subprocess
import time

import websockets

from stranger import Sandbox

BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.S)
STATUS = {"type": "StatusRequest"}
GOOD_STATUS = {"type": "TransactionStatusResponse", "message": "No transaction is running.", "canBeAborted": False}
SECONDS = 60

# What was switched and ordered in this run, to see that nothing was left out.
assumed = set()
ordered = set()


class Reply:
    """An answer over HTTPS."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return "<%d %r>" % (self.status, self.body[:200])


class Refused(Exception):
    """curl did not come to an answer."""

    def __init__(self, code, text):
        super().__init__("curl %d: %s" % (code, text))
        self.code = code
        self.text = text


class Terminal(Sandbox):
    """A sandbox seen from its terminal."""

    def __init__(self, folder, *assumptions, **keywords):
        super().__init__(folder, *assumptions, **keywords)
        assumed.update(assumptions)
        self.root = self.info["terminalRootFile"]
        self.wire_port = int(self.info["terminalHttpsUrl"].rsplit(":", 1)[1])
        self.serial = self.info["terminalSerial"]
        self.name = self.serial + ".pgw.seclib.io"

    def assume(self, text):
        assumed.add(text)
        super().assume(text)

    def fault(self, text):
        ordered.add(text.split("@")[0].split("*")[0])
        super().fault(text)

    @property
    def screen(self):
        return json.loads(self.tell("terminal"))

    def until(self, **members):
        """The screen, once it shows that."""
        limit = time.monotonic() + SECONDS
        while any(self.screen[name] != value for name, value in members.items()):
            assert time.monotonic() < limit, (self.screen, members)
            time.sleep(0.02)
        return self.screen

    @property
    def code(self):
        return self.until(state="code")["code"]

    def new_code(self):
        old = self.screen["code"]
        self.tell("generate")
        limit = time.monotonic() + SECONDS
        while self.screen["code"] in (old, None):
            assert time.monotonic() < limit
            time.sleep(0.02)
        return self.screen["code"]

    def advance(self, seconds):
        self.tell("advance %d" % seconds)

    # curl

    def curl(self, data=None, path="/", method=None, pem=None, words=(), name=None, seconds=SECONDS):
        name = name or self.name
        command = ["curl", "-sS", "-i", "--noproxy", "*", "--max-time", str(seconds), "--cacert", self.root,
                   "--resolve", "%s:%d:127.0.0.1" % (name, self.wire_port), *words]
        if pem is not None:
            command += ["--cert", pem]
        if method is not None:
            command += ["-X", method]
        if data is not None:
            text = data if isinstance(data, (str, bytes)) else json.dumps(data)
            command += ["-H", "Content-Type: application/json", "--data-binary", "@-"]
        else:
            text = ""
        done = subprocess.run(command + ["https://%s:%d%s" % (name, self.wire_port, path)],
                              input=text if isinstance(text, bytes) else text.encode(), capture_output=True, check=False)
        if done.returncode != 0:
            raise Refused(done.returncode, done.stderr.decode(errors="replace"))
        head, body = done.stdout.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in lines[1:]}
        return Reply(int(lines[0].split(" ")[1]), headers, body.decode())

    def refused(self, *args, **keywords):
        """The error of a connection that comes to no answer."""
        try:
            reply = self.curl(*args, **keywords)
        except Refused as error:
            return error
        raise AssertionError("answered: %r" % reply)

    def pair(self, pos_id="123", code=None, **keywords):
        return self.curl({"posId": pos_id, "setupCode": self.code if code is None else code}, **keywords)

    def paired(self, pos_id="123", pem=None):
        """Pairs and keeps the answer in a file, leaf first as curl wants it; gives its path."""
        self.new_code()
        reply = self.pair(pos_id)
        assert reply.status == 200, reply
        return self.keep(reply.body, pem or pos_id)

    def keep(self, text, name):
        path = os.path.join(self.folder, "outside-%s.pem" % name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    # python3-websockets over Python's ssl

    def wss_context(self, pem=None, check=True):
        context = ssl.create_default_context(cafile=self.root)
        context.check_hostname = check
        if pem is not None:
            context.load_cert_chain(pem)
        return context

    def talk(self, *messages, pem=None, name=None, path="/", stay=None, **keywords):
        """Sends messages over one WebSocket; the answers, then the close code or "open" where it stays."""
        if stay is None:
            stay = pem is not None and messages[-1] is STATUS

        async def run():
            got = []
            try:
                async with websockets.connect("wss://%s:%d%s" % (name or self.name, self.wire_port, path),
                                              host="127.0.0.1", port=self.wire_port, open_timeout=SECONDS,
                                              close_timeout=SECONDS, ssl=self.wss_context(pem), ping_interval=None,
                                              server_hostname=name or self.name,
                                              **keywords) as channel:
                    for message in messages:
                        await channel.send(message if isinstance(message, (str, bytes, list)) else json.dumps(message))
                        got.append(await asyncio.wait_for(channel.recv(), SECONDS))
                    try:
                        await asyncio.wait_for(channel.recv(), 0.5 if stay else SECONDS)
                    except asyncio.TimeoutError:
                        got.append("open")
            except websockets.exceptions.ConnectionClosed as error:
                got.append(error.rcvd.code if error.rcvd is not None else 1006)
            return got
        return asyncio.run(run())

    # openssl

    def s_client(self, *words, data="", seconds=SECONDS):
        return subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % self.wire_port, "-CAfile", self.root,
                               "-verify_return_error", *words], input=data, capture_output=True, text=True, check=False,
                              timeout=seconds)

    # bare TLS

    def raw_bytes(self, data, pem=None, seconds=SECONDS):
        """Sends bytes over TLS and reads to the end; what came, and whether TLS ended as it should."""
        context = self.wss_context(pem, check=False)
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        with socket.create_connection(("127.0.0.1", self.wire_port), timeout=seconds) as plain:
            with context.wrap_socket(plain, suppress_ragged_eofs=False) as tls:
                got = b""
                try:
                    tls.sendall(data)
                    while True:
                        part = tls.recv(65536)
                        if not part:
                            return got, True
                        got += part
                except (ssl.SSLError, ConnectionError):
                    return got, False

    def peer_names(self):
        context = self.wss_context(check=False)
        with socket.create_connection(("127.0.0.1", self.wire_port), timeout=SECONDS) as plain:
            with context.wrap_socket(plain) as tls:
                return [value for _, value in tls.getpeercert()["subjectAltName"]], tls.version()


def blocks(text):
    """Kinds and texts of the PEM blocks, in their order."""
    return [(match[1], match[0]) for match in BLOCK.finditer(text)]


def openssl(*words, data="", check=True):
    done = subprocess.run(["openssl", *words], input=data, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert not check or done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout + done.stderr


def subject(pem):
    return re.search(r"CN ?= ?([^,\n]+)", openssl("x509", "-noout", "-subject", data=pem))[1].strip()


def public_of_key(pem):
    return openssl("pkey", "-pubout", data=pem)


def public_of_crt(pem):
    return openssl("x509", "-noout", "-pubkey", data=pem)


def error_message(reply):
    """The refusal in the one shape that is documented."""
    answer = reply if isinstance(reply, dict) else json.loads(reply) if isinstance(reply, str) else reply.json
    assert list(answer) == ["type", "message", "developerDescription"] and answer["type"] == "ErrorResponse", answer
    return answer["message"]
