# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the services that has nothing of ours: Python's own modules and the documents.

Used by the check-*.py beside it. Every one is run as

    check-NAME.py RUN-SANDBOX
"""
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import uuid


class Answer:
    """What came back: status, headers with lower-case names, body."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self):
        def once(pairs):
            names = [name for name, _ in pairs]
            assert len(names) == len(set(names)), "a member twice: %s" % names
            return dict(pairs)
        return json.loads(self.body.decode("utf-8"), object_pairs_hook=once)

    @property
    def why(self):
        return self.headers.get("x-sandbox-explain", "")

    def __repr__(self):
        return "<%d %s %r>" % (self.status, self.why, self.body[:300])


class Sandbox:
    """The program run-sandbox, from start to end."""

    def __init__(self, folder, *assumptions, port=0, clock=0, terminal_port=0):
        self.folder = folder
        self.process = subprocess.Popen([sys.argv[1], folder, str(port), str(clock), *assumptions],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "TERMINAL_PORT": str(terminal_port)})
        line = self.process.stdout.readline()
        if not line.startswith("{"):
            self.process.stdin.close()
            self.process.wait(20)
            self.process.stdout.close()
            raise RuntimeError(line.strip() or "no answer")
        self.info = json.loads(line)
        self.port = int(self.info["devicesUrl"].rsplit(":", 1)[1])
        self.clock = clock
        self.context = ssl.create_default_context(cafile=self.info["caFile"])
        # An end without a word of TLS is to be told from a proper one.
        self.context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.stop()

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if answer.startswith("error "):
            raise ValueError(answer[6:])
        return answer

    def assume(self, text):
        self.tell("assume " + text)

    def fault(self, text):
        self.tell("fault " + text)

    @contextlib.contextmanager
    def assuming(self, text, back):
        self.assume(text)
        try:
            yield
        finally:
            self.assume(text.split("=")[0] + "=" + back)

    def set_clock(self, seconds):
        self.clock = seconds
        self.tell("clock %d" % seconds)

    @property
    def now(self):
        return self.clock or time.time()

    def p12(self, pass_type, team="ABCDE12345", start=-86400, end=300 * 86400, nfc=False, password="secret"):
        now = int(self.now)
        return self.tell("p12 %s %s %d %d %d %s" % (pass_type, team, now + start, now + end, nfc, password))

    def stop(self):
        self.process.stdin.close()
        status = self.process.wait(30)
        self.process.stdout.close()
        assert status == 0, "run-sandbox ended with %d" % status

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()

    def raw(self, data, seconds=20):
        """Sends bytes over TLS and reads to the end; what came, and whether TLS ended as it should."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as plain:
            with self.context.wrap_socket(plain, server_hostname="127.0.0.1",
                                          suppress_ragged_eofs=False) as tls:
                tls.sendall(data)
                got = b""
                try:
                    while True:
                        part = tls.recv(65536)
                        if not part:
                            return got, True
                        got += part
                except (ssl.SSLError, ConnectionError):
                    return got, False

    def call(self, method, path, headers=None, body=b"", seconds=20):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=seconds)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                if value is not None:
                    connection.putheader(name, value)
            if body or method in ("POST", "PUT"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    # Commerce Hub: Authorization is the Base64 of HMAC-SHA256 over
    # Api-Key + Client-Request-Id + Timestamp + body.

    def hub_headers(self, body, request_id=None, key=None, secret=None, timestamp=None, legacy=False, **changes):
        key = self.info["apiKey"] if key is None else key
        secret = self.info["apiSecret"] if secret is None else secret
        request_id = str(uuid.uuid4()) if request_id is None else request_id
        timestamp = str(int(self.now * 1000)) if timestamp is None else str(timestamp)
        headers = {"Content-Type": "application/json", "Client-Request-Id": request_id, "Api-Key": key,
                   "Timestamp": timestamp, "Auth-Token-Type": "HMAC",
                   "Authorization": hub_signature(key, secret, request_id, timestamp, body, legacy)}
        headers.update({name.replace("_", "-"): value for name, value in changes.items()})
        return headers

    def hub(self, path, body=None, method="POST", **changes):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call(method, "/ch" + path, self.hub_headers(data, **changes), data)

    @property
    def merchant(self):
        return {"merchantDetails": {"merchantId": self.info["merchantId"], "terminalId": self.info["terminalId"]}}

    def generate(self, **changes):
        return self.hub("/security/v1/keys/generate", self.merchant, **changes)

    def revoke(self, key_id, **changes):
        return self.hub("/security/v1/keys/%s/revoke" % key_id, self.merchant, **changes)

    def credentials(self, members=None, **changes):
        return self.hub("/payments-vas/v1/security/credentials", {**self.merchant, **(members or {})}, **changes)

    def upload(self, members, wrapper="clientCryptographicDetails", beside=None, **changes):
        return self.hub("/tms/v1/client-certificate", {wrapper: members, **(beside or {})}, **changes)

    # Airship Wallet: Basic, and Api-Revision on every call.

    def wallet_headers(self, **changes):
        pair = "%s:%s" % (self.info["walletUser"], self.info["walletSecret"])
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(), "Api-Revision": "1.2",
                   "Content-Type": "application/json; charset=utf-8"}
        headers.update({name.replace("_", "-"): value for name, value in changes.items()})
        return headers

    def wallet(self, method, path="", body=None, **changes):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call(method, "/v1/certificates" + path, self.wallet_headers(**changes), data)

    def all_certificates(self, query=""):
        return self.wallet("GET", "?pageSize=10000" + query).json["certificates"]


def hub_signature(key, secret, request_id, timestamp, body, legacy=False):
    mac = hmac.new(secret.encode(), (key + request_id + timestamp).encode() + body, hashlib.sha256)
    return base64.b64encode(mac.hexdigest().encode() if legacy else mac.digest()).decode()


def error_of(answer):
    """The one error of a Commerce Hub answer in its first shape."""
    errors = answer.json["error"]
    assert len(errors) == 1, answer
    return errors[0]


def expect(answer, status, code=None, field=None, kind=None):
    """Holds a Commerce Hub answer against what is due; gives it back."""
    assert answer.status == status, (answer, status)
    if code is not None or kind is not None:
        error = error_of(answer)
        assert error.get("code") == code, (answer, code)
        if field is not None:
            assert error.get("field") == field, (answer, field)
        assert error["type"] == (kind or "GATEWAY"), answer
        assert error["message"], answer
    return answer


@contextlib.contextmanager
def temporary():
    folder = tempfile.mkdtemp(prefix="till-stranger-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(tests):
    """Runs functions as TAP; each has a docstring and takes nothing."""
    os.environ.pop("SSLKEYLOGFILE", None)
    os.environ["G_DEBUG"] = "gc-friendly,fatal-criticals"
    only = sys.argv[2:]
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for number, test in enumerate(tests, 1):
        if only and test.__name__ not in only:
            print("ok %d # SKIP" % number)
            continue
        try:
            test()
            word = "ok"
        except Exception:  # Whatever it is, it is a result.
            failed += 1
            word = "not ok"
            print("\n".join("# " + line[:1000] for line in traceback.format_exc().splitlines()))
        print("%s %d %s" % (word, number, test.__doc__), flush=True)
    return 1 if failed else 0
