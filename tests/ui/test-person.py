#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real program, driven as a person drives it: keys, mouse and what a
screen reader hears. One TAP test a flow; pictures go into the folder given.

    test-person.py TILLKEEPER PICTURES        (below run-headless.sh, with a window manager)
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from atspi import Application, wait_for  # noqa: E402

PROGRAM, PICTURES = sys.argv[1], sys.argv[2]
PASSWORD = "canary-8c1f-pässwort"
SECTIONS = ("Certificate Details", "Extensions", "Chain (1)", "Where It Is")


def openssl(folder, *arguments, stdin=None):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, input=stdin)


def make_files(folder):
    """A shop's files: two pass certificates, one also as .p12 with a password and in one file with its key; one that
    ends soon; a web page."""
    for name, days in (("loyalty", "300"), ("gift", "3")):
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", name + ".key", "-out", name + ".pem", "-days", days,
                "-subj", "/UID=pass.com.acme.%s/CN=Pass Type ID: pass.com.acme.%s/OU=PGJV57GD94/O=Acme" % (name, name),
                "-addext", "extendedKeyUsage=clientAuth,1.2.840.113635.100.4.14")
    openssl(folder, "pkcs12", "-export", "-inkey", "loyalty.key", "-in", "loyalty.pem", "-out", "loyalty.p12",
            "-passout", "stdin", stdin=PASSWORD.encode() + b"\n")
    openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "till.key", "-out", "till.pem", "-days", "200", "-subj", "/CN=Till 3/O=Acme")
    with open(os.path.join(folder, "both.pem"), "wb") as both:
        for name in ("loyalty.key", "loyalty.pem"):
            with open(os.path.join(folder, name), "rb") as part:
                both.write(part.read())
    with open(os.path.join(folder, "page.p12"), "w", encoding="utf-8") as f:
        f.write("<!DOCTYPE html><html><body>Please sign in</body></html>\n")


class Flow:
    """One run of the program over a folder of its own."""

    def __init__(self, name, files, keep=None):
        self.name = name
        self.folder = keep or tempfile.mkdtemp(prefix="till-person-")
        if keep is None:
            make_files(self.folder)
        env = dict(os.environ, XDG_CONFIG_HOME=os.path.join(self.folder, "config"),
                   XDG_DATA_HOME=os.path.join(self.folder, "data"), GSETTINGS_BACKEND="keyfile")
        if keep is None:
            shutil.copytree(os.environ["XDG_CONFIG_HOME"], env["XDG_CONFIG_HOME"])
        self.app = Application([PROGRAM] + [self.path(f) for f in files], env)
        wait_for("the window", self.app.window)

    def path(self, name):
        return os.path.join(self.folder, name)

    def row(self, contains, seconds=10.0):
        return self.app.find("table row", contains=contains, seconds=seconds)

    def rows(self):
        """The names of the rows: name, status, …; the row of column titles has no such name."""
        return [node.name for node in self.app.all("table row", contains=", ")]

    def click(self, node):
        """The mouse, on the middle of something (window extents leave out the frame's border)."""
        x, y, width, height = node.extents()
        window = self.app.window()
        out = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True,
                             check=True).stdout
        place = dict(line.split("=") for line in out.split())
        frame = self.app.find("frame").extents()
        border = (int(place["WIDTH"]) - frame[2]) // 2
        subprocess.run(["xdotool", "mousemove", str(int(place["X"]) + border + x + width // 2),
                        str(int(place["Y"]) + border + y + height // 2), "click", "1"], check=True)

    def answer_dialog(self, path):
        """The whole path into GTK's own file dialog, then Return."""
        time.sleep(2.0)
        # A slash begins a path in the dialog to open of every GTK 4, and the name to save under can be written over.
        # What later ones complete by themselves, and then leave behind what is typed, goes with the keys.
        self.app.type(path)
        time.sleep(0.5)
        self.app.keys("shift+End", "Delete")
        wait_for("the path in the dialog", lambda: path in [node.text() for node in self.app.all("text")])
        self.app.keys("Return")

    def check_names(self):
        """Whatever can be pressed or written into says what it is."""
        for role in ("push button", "toggle button", "check box", "text", "entry", "password text", "combo box"):
            for node in self.app.all(role):
                # Where there is none, GTK gives the name of the class instead.
                assert node.name and not re.match("(Gtk|Adw|Till)[A-Z]", node.name), (role, node.name, node.extents())

    def picture(self, name):
        self.app.picture(os.path.join(PICTURES, "person-%s.png" % name))

    def end(self, keep=False):
        self.app.kill()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def flow_empty():
    """an empty start says what to do, and Ctrl+O asks for a file"""
    flow = Flow("empty", [])
    try:
        flow.app.find(name="No Certificates Yet")
        flow.app.find("push button", name="Open File…")
        flow.check_names()
        flow.picture("empty")
        flow.app.keys("ctrl+o")
        flow.answer_dialog(flow.path("till.pem"))
        flow.row("Till 3")
        assert flow.app.quit() == 0, "it did not end cleanly"
    finally:
        flow.end()


def flow_files():
    """several files on the command line: one row each, what ends next on top"""
    flow = Flow("files", ["loyalty.pem", "gift.pem", "till.pem", "page.p12"])
    try:
        flow.row("pass.com.acme.loyalty")
        flow.row("page.p12")
        wait_for("four rows", lambda: len(flow.rows()) == 4)
        rows = flow.rows()
        assert "pass.com.acme.gift" in rows[0], rows
        assert "Till 3" in rows[1], rows
        assert "pass.com.acme.loyalty" in rows[2], rows
        assert "page.p12" in rows[3] and "Not a certificate file" in rows[3], rows
        flow.check_names()
        flow.picture("files")
    finally:
        flow.end()


def flow_password():
    """a wrong password is named, the right one opens, and neither stays anywhere"""
    flow = Flow("password", ["loyalty.p12"])
    try:
        flow.click(flow.row("loyalty.p12"))
        entry = flow.app.find("text", contains="Password")
        flow.check_names()
        entry.set_text("wrong-password")
        flow.app.find("push button", name="Open").act()
        flow.app.find(contains="Wrong Password")
        flow.picture("wrong-password")
        entry = flow.app.find("text", contains="Password")
        entry.set_text(PASSWORD)
        flow.app.find("push button", name="Open").act()
        flow.app.find(contains="pass.com.acme.loyalty")
        flow.app.find(contains="belongs to this certificate")
        for role, name in flow.app.names():
            assert PASSWORD not in name, "the password is on the screen: %s" % role
        for root, _, names in os.walk(os.path.join(flow.folder, "config")):
            for name in names:
                with open(os.path.join(root, name), "rb") as f:
                    assert PASSWORD.encode() not in f.read(), "the password was stored in %s" % name
        flow.picture("opened")
    finally:
        flow.end()


def flow_paste():
    """Ctrl+V of PEM text shows the certificate"""
    flow = Flow("paste", [])
    try:
        flow.app.find(name="No Certificates Yet")
        with open(flow.path("till.pem"), "rb") as f:
            subprocess.run(["xclip", "-i", "-selection", "clipboard"], stdin=f, check=True)
        flow.app.keys("ctrl+v")
        flow.row("Till 3")
    finally:
        flow.end()


def flow_remember():
    """files are remembered, read again at start, and one that has vanished says so"""
    flow = Flow("remember", ["till.pem", "gift.pem"])
    folder = flow.folder
    flow.row("Till 3")
    flow.row("pass.com.acme.gift")
    assert flow.app.quit() == 0
    os.remove(os.path.join(folder, "till.pem"))
    flow = Flow("remember", [], keep=folder)
    try:
        flow.row("pass.com.acme.gift")
        row = flow.row("till.pem")
        wait_for("the row saying so", lambda: "File not found" in flow.row("till.pem").name)
        flow.click(row)
        flow.picture("vanished")
        openssl(folder, "req", "-x509", "-key", "till.key", "-out", "till.pem", "-days", "20", "-subj", "/CN=Till 4")
        flow.row("Till 4")  # it is back: seen without a key pressed
    finally:
        flow.end()


def flow_keyboard():
    """from the keyboard alone: list, details, search, remove and undo"""
    flow = Flow("keyboard", ["till.pem", "gift.pem"])
    try:
        flow.row("Till 3")
        flow.app.keys("ctrl+f")
        time.sleep(0.4)
        flow.app.type("gift")
        wait_for("one row left", lambda: len(flow.rows()) == 1)
        flow.app.keys("Escape")
        wait_for("both rows back", lambda: len(flow.rows()) == 2)
        flow.click(flow.row("Till 3"))
        time.sleep(0.3)
        flow.app.keys("Delete")
        wait_for("the row going away", lambda: len(flow.rows()) == 1)
        flow.app.find("push button", contains="Undo").act()
        flow.row("Till 3")
        assert os.path.exists(flow.path("till.pem")), "removing from the list removed the file"
    finally:
        flow.end()


def flow_details():
    """a copied identifier arrives in the clipboard; every section opens"""
    flow = Flow("details", ["loyalty.pem"])
    try:
        flow.click(flow.row("pass.com.acme.loyalty"))
        copy = flow.app.find("push button", contains="Copy Identifier")
        flow.check_names()
        copy.act()
        time.sleep(0.5)
        out = subprocess.run(["xclip", "-o", "-selection", "clipboard"], capture_output=True, text=True, check=True,
                             timeout=10)
        assert out.stdout == "pass.com.acme.loyalty", out.stdout
        for section in SECTIONS:
            flow.app.find("list item", name=section)
        flow.picture("details")
    finally:
        flow.end()


def flow_export():
    """the public part is saved where the dialog is told to, without the private key"""
    flow = Flow("export", ["both.pem"])
    try:
        flow.click(flow.row("pass.com.acme.loyalty"))
        flow.app.find(contains="belongs to this certificate")
        flow.click(flow.app.find("push button", name="Export Public Part"))
        flow.app.find("menu item")
        flow.app.keys("Return")
        flow.answer_dialog(flow.path("mine.pem"))
        flow.app.find(contains="Exported to mine.pem")
        with open(flow.path("mine.pem"), encoding="ascii") as f:
            text = f.read()
        assert text.startswith("-----BEGIN CERTIFICATE-----\n") and "PRIVATE" not in text, text
    finally:
        flow.end()


def flow_drop():
    """a second start hands its files over to the first window"""
    flow = Flow("second", ["till.pem"])
    try:
        flow.row("Till 3")
        env = dict(os.environ, XDG_CONFIG_HOME=os.path.join(flow.folder, "config"), GSETTINGS_BACKEND="keyfile")
        second = subprocess.run([PROGRAM, flow.path("gift.pem")], env=env, timeout=30, check=False)
        assert second.returncode == 0, second.returncode
        flow.row("pass.com.acme.gift")
    finally:
        flow.end()


FLOWS = [flow_empty, flow_files, flow_password, flow_paste, flow_remember, flow_keyboard, flow_details, flow_export, flow_drop]


def main():
    os.makedirs(PICTURES, exist_ok=True)
    wanted = sys.argv[3:]
    flows = [flow for flow in FLOWS if not wanted or flow.__name__[5:] in wanted]
    print("1..%d" % len(flows), flush=True)
    bad = 0
    for number, flow in enumerate(flows, 1):
        try:
            flow()
            print("ok %d %s" % (number, flow.__doc__), flush=True)
        except Exception:  # a flow that fails must not keep the others from running
            bad += 1
            print("not ok %d %s" % (number, flow.__doc__))
            print("# " + traceback.format_exc().strip().replace("\n", "\n# "), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
