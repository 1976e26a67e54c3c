# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives tillkeeperctl in a home of its own, and runs test functions as TAP."""
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

LIMIT = 60


class Result:
    """How a command ended: status, out (bytes), err (text); doc and error where they are JSON."""

    def __init__(self, status, out, err):
        self.status, self.raw, self.err = status, out, err
        self.out = out.decode("utf-8", "replace")

    @property
    def doc(self):
        return json.loads(self.out)

    @property
    def error(self):
        lines = [line for line in self.err.splitlines() if line.startswith('{"error"')]
        assert len(lines) == 1, self
        return json.loads(lines[0])["error"]

    def __repr__(self):
        return "status %s\n--- out\n%s\n--- err\n%s" % (self.status, self.out[:3000], self.err[:3000])


class Home:
    """A private home with data folder and vault."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.path = tempfile.mkdtemp(prefix="tillkeeper-")
        self.env = dict(os.environ)
        for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"):
            self.env.pop(name, None)
        self.env.update({
            "HOME": self.path,
            "XDG_DATA_HOME": self.file("data"),
            "XDG_CONFIG_HOME": self.file("config"),
            "XDG_CACHE_HOME": self.file("cache"),
            "XDG_RUNTIME_DIR": self.file("run"),
            "SECRET_BACKEND": "file",
            "SECRET_FILE_TEST_PATH": self.file("keyring"),
            "SECRET_FILE_TEST_PASSWORD": "test",
        })
        os.mkdir(self.file("run"), 0o700)

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, data):
        with open(self.file(name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return self.file(name)

    def folder(self):
        return os.path.join(self.file("data"), "tillkeeper")

    def start(self, *words, secret=None, **more):
        """Popen; "3" after --password-fd or --secret-fd becomes the descriptor that gives the secret."""
        inside, words = None, list(words)
        if secret is not None:
            inside, outside = os.pipe()
            os.write(outside, secret if isinstance(secret, bytes) else secret.encode())
            os.close(outside)
            for i in range(1, len(words)):
                if words[i - 1] in ("--password-fd", "--secret-fd") and words[i] == "3":
                    words[i] = str(inside)
        env = dict(self.env)
        if {"secret", "remove"} & set(words):
            # libsecret's file forgets a string each time it is written anew; a leak checker would count it as ours.
            env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        try:
            return subprocess.Popen([self.program, *words], env=env, cwd=self.path, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, pass_fds=() if inside is None else (inside,), **more)
        finally:
            if inside is not None:
                os.close(inside)

    def run(self, *words, data=None, secret=None):
        child = self.start(*words, secret=secret, stdin=subprocess.PIPE if data is not None else subprocess.DEVNULL)
        out, err = child.communicate(data if data is None or isinstance(data, bytes) else data.encode(), LIMIT)
        return Result(child.returncode, out, err.decode("utf-8", "replace"))

    def json(self, *words, **more):
        """A command that has to succeed; its document."""
        result = self.run("--json", *words, **more)
        assert result.status == 0, result
        return result.doc

    def fails(self, code, *words, **more):
        """A command that has to fail; its error."""
        result = self.run("--json", *words, **more)
        assert result.status == 1, result
        assert result.error["code"] == code, result
        return result.error

    def refuses(self, *words, status=2, **more):
        """A command line that is wrong."""
        result = self.run(*words, **more)
        assert result.status == status and not result.raw and "Usage: tillkeeperctl" in result.err, result
        return result.err

    def on_terminal(self, answers, *words):
        """Runs it on a terminal; answers: pairs of what is asked and what is typed. Gives status and all that was shown."""
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.path)
            env = dict(self.env)
            env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
            os.execve(self.program, [self.program, *words], env)
        seen, asked, end = b"", 0, time.monotonic() + LIMIT
        answers = list(answers)
        while time.monotonic() < end:
            if select.select([fd], [], [], 0.1)[0]:
                try:
                    piece = os.read(fd, 4096)
                except OSError:
                    break
                if not piece:
                    break
                seen += piece
            found = seen.find(answers[0][0].encode(), asked) if answers else -1
            if found >= 0:
                asked = found + 1
                os.write(fd, answers.pop(0)[1].encode() + b"\n")
        else:
            os.kill(pid, signal.SIGKILL)
        os.close(fd)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status), seen.decode("utf-8", "replace")

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Sandbox:
    """`tillkeeperctl sandbox` as another process, with its state in a folder of the home."""

    made = 0

    def __init__(self, home, *words, state=None):
        Sandbox.made += 1
        folder = home.file(state if state is not None else "sandbox-%d" % Sandbox.made)
        self.child = home.start("sandbox", "--state", folder, *words, stdin=subprocess.DEVNULL)
        line = self.child.stdout.readline()
        self.ready = json.loads(line) if line else None

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        out, err = self.child.communicate(timeout=LIMIT)
        return Result(self.child.returncode, out, err.decode("utf-8", "replace"))


def add_profile(home, ready, name="Shop", environment="test", secrets=True):
    """A profile for a sandbox in another process."""
    profile = home.json("profile", "add", name, "--environment", environment, "--ca", ready["caFile"],
                        "--hub-url", ready["hubUrl"], "--hub-merchant", ready["hub"]["merchantId"],
                        "--hub-terminal", ready["hub"]["terminalId"], "--hub-key", ready["hub"]["apiKey"],
                        "--wallet-url", ready["walletUrl"], "--wallet-user", ready["wallet"]["user"],
                        "--devices-url", ready["devicesUrl"],
                        "--devices-organization", ready["devices"]["organizationId"],
                        "--devices-key-id", ready["devices"]["keyId"])
    if secrets:
        for service, secret in (("hub", ready["hub"]["apiSecret"]), ("wallet", ready["wallet"]["secret"]),
                                ("devices", ready["devices"]["sharedSecret"])):
            home.json("profile", "secret", name, service, "--secret-fd", "3", secret=secret + "\n")
    return profile


def main(tests):
    """Runs functions as TAP; their names and docstrings are the tests' names."""
    bad = 0
    print("1..%d" % len(tests))
    for number, test in enumerate(tests, 1):
        try:
            test()
            print("ok %d %s" % (number, test.__doc__ or test.__name__), flush=True)
        except Exception:  # every failure is a line of TAP
            bad += 1
            print("not ok %d %s" % (number, test.__doc__ or test.__name__), flush=True)
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            sys.stdout.flush()
    return 1 if bad else 0
