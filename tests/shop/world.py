# SPDX-License-Identifier: GPL-3.0-or-later
"""A shop to be broken: tillkeeperctl, its data, a sandbox of its own, and a way between them that can be cut.

Nothing here is of the program: the way is an HTTPS proxy that knows where in
an exchange it is, so that it can cut at nine points (RELIABILITY.md G17).
"""
import json
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import urllib.parse

# Where an exchange is cut; after "answered" the service has done it.
POINTS = ["at-connect", "in-tls", "after-headers", "in-body", "after-body", "before-status", "in-status", "in-answer",
          "after-answer"]
# At these the service has done what it was asked.
DONE_AT = {"before-status", "in-status", "in-answer", "after-answer"}


def run(*command, **options):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, **options)


class Way:
    """Between the client and one service: passes on, and cuts what is planned."""

    def __init__(self, world, upstream):
        self.world = world
        self.upstream = urllib.parse.urlsplit(upstream)
        family = socket.AF_INET6 if ":" in world.address else socket.AF_INET
        self.listener = socket.create_server((world.address, 0), family=family, backlog=64)
        self.port = self.listener.getsockname()[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(world.path("way.pem"), world.path("way.key"))
        self.out = ssl.create_default_context(cafile=world.sandbox["caFile"])
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self):
        host = "[%s]" % self.world.address if ":" in self.world.address else self.world.address
        return "https://%s:%d%s" % (host, self.port, self.upstream.path)

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    @staticmethod
    def reset(connection):
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        except OSError:
            pass

    def serve(self, connection):
        connection.settimeout(20)
        try:
            point = self.world.next_early_cut()
            if point == "at-connect":
                return self.reset(connection)
            if point == "in-tls":
                connection.recv(64)
                return self.reset(connection)
            tls = self.context.wrap_socket(connection, server_side=True)
        except (OSError, ssl.SSLError):
            return self.reset(connection)
        try:
            while self.exchange(tls):
                pass
        except (OSError, ssl.SSLError):
            pass
        self.reset(tls)
        return None

    @staticmethod
    def read_head(stream):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = stream.recv(65536)
            if not piece:
                return None, b""
            head += piece
        head, rest = head.split(b"\r\n\r\n", 1)
        return head, rest

    @staticmethod
    def header(head, name):
        for line in head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip()
        return None

    def exchange(self, tls):
        head, body = self.read_head(tls)
        if head is None:
            return False
        method, target = head.split(b" ")[:2]
        changes = method in (b"POST", b"PUT", b"DELETE")
        point = self.world.next_cut() if changes else None
        if point == "after-headers":
            return False
        length = int(self.header(head, b"content-length") or 0)
        while len(body) < length:
            if point == "in-body" and len(body) >= length // 2:
                return False
            piece = tls.recv(65536)
            if not piece:
                return False
            body += piece
        if point in ("in-body", "after-body"):
            return False
        answer = self.forward(head + b"\r\n\r\n" + body, method.decode(), target.decode(), changes)
        if point == "before-status":
            return False
        if point == "in-status":
            tls.sendall(answer[:9])
            return False
        if point == "in-answer":
            tls.sendall(answer[:answer.index(b"\r\n\r\n") + 4 + 8])
            return False
        tls.sendall(answer)
        return point != "after-answer"

    def forward(self, request, method, target, changes):
        with socket.create_connection((self.upstream.hostname, self.upstream.port), timeout=20) as plain, \
                self.out.wrap_socket(plain, server_hostname=self.upstream.hostname) as up:
            up.sendall(request)
            head, body = self.read_head(up)
            length = int(self.header(head, b"content-length") or 0)
            while len(body) < length:
                piece = up.recv(65536)
                if not piece:
                    break
                body += piece
        if changes:
            self.world.note_effect(method, target, int(head.split(b" ")[1]), body)
        return head + b"\r\n\r\n" + body


class World:
    def __init__(self, ctl, folder=None, address="127.0.0.1"):
        self.ctl = ctl
        self.address = address      # of the way
        self.folder = folder or tempfile.mkdtemp(prefix="tillkeeper-world-")
        self.lock = threading.Lock()
        self.cuts = []
        self.effects = []
        home = self.path("home")
        os.makedirs(home, mode=0o700, exist_ok=True)
        self.env = dict(os.environ, HOME=home, XDG_DATA_HOME=home + "/data", XDG_CONFIG_HOME=home + "/config",
                        XDG_CACHE_HOME=home + "/cache", XDG_STATE_HOME=home + "/state", SECRET_BACKEND="file",
                        SECRET_FILE_TEST_PATH=home + "/secrets.keyring", SECRET_FILE_TEST_PASSWORD="test",
                        GIO_USE_PROXY_RESOLVER="dummy", LC_ALL="C.UTF-8")
        self.env.pop("DBUS_SESSION_BUS_ADDRESS", None)
        self.server = subprocess.Popen([ctl, "sandbox", "--state", self.path("sandbox")], stdout=subprocess.PIPE,
                                       stdin=subprocess.DEVNULL, env=self.env, text=True)
        self.sandbox = json.loads(self.server.stdout.readline())
        assert self.sandbox["event"] == "ready", self.sandbox
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            self.path("way.key"), "-out", self.path("way.pem"), "-subj", "/CN=A way to be cut", "-days", "2",
            "-addext", "subjectAltName=IP:" + address, "-addext", "extendedKeyUsage=serverAuth")
        self.hub = Way(self, self.sandbox["hubUrl"])
        self.wallet = Way(self, self.sandbox["walletUrl"])
        hub, wallet = self.sandbox["hub"], self.sandbox["wallet"]
        self.ok("profile", "add", "Cut", "--environment", "test",
                "--hub-url", self.hub.url(), "--hub-merchant", hub["merchantId"], "--hub-terminal", hub["terminalId"],
                "--hub-key", hub["apiKey"], "--wallet-url", self.wallet.url(), "--wallet-user", wallet["user"],
                "--ca", self.path("way.pem"))
        self.secret("hub", hub["apiSecret"])
        self.secret("wallet", wallet["secret"])

    def path(self, name):
        return os.path.join(self.folder, name)

    def close(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(10)
        self.server.stdout.close()
        self.hub.listener.close()
        self.wallet.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # What happens on the way.

    def plan(self, *points):
        with self.lock:
            self.cuts = list(points)
            self.effects = []

    def next_early_cut(self):
        with self.lock:
            if self.cuts and self.cuts[0] in ("at-connect", "in-tls"):
                return self.cuts.pop(0)
        return None

    def next_cut(self):
        with self.lock:
            return self.cuts.pop(0) if self.cuts else None

    def note_effect(self, method, target, status, body):
        with self.lock:
            self.effects.append((method, target, status, json.loads(body) if body[:1] == b"{" else None))

    # What is done.

    def call(self, *arguments, secret=None, option="--secret-fd", timeout=60):
        command = [self.ctl, "--json", *arguments]
        fds = ()
        if secret is not None:
            reading, writing = os.pipe()
            os.write(writing, secret.encode())
            os.close(writing)
            fds = (reading,)
            command += [option, str(reading)]
        env = dict(self.env)
        if arguments[1:2] == ("secret",) or arguments[:2] == ("pending", "settle"):
            # Both may write the keyring: libsecret's file forgets a string each time it is written anew; a leak checker
            # would count it as ours.
            env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        try:
            return subprocess.run(command, env=env, pass_fds=fds, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=timeout, check=False)
        finally:
            for fd in fds:
                os.close(fd)

    def ok(self, *arguments, **options):
        done = self.call(*arguments, **options)
        assert done.returncode == 0, (arguments, done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def secret(self, service, value):
        self.ok("profile", "secret", "Cut", service, secret=value)

    def make_pass(self, name, pass_type, days=365, password="pass word"):
        self.ok("sandbox", "make-pass", self.path(name), "--state", self.path("sandbox"), "--pass-type", pass_type,
                "--team", "ABCDE12345", "--days", str(days), secret=password, option="--password-fd")
        return self.path(name)
