# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a GTK application as a person with a screen reader would: finds what
is on the screen by role and name and acts on it, over plain D-Bus (AT-SPI).
The mouse and keys come from xdotool."""
import subprocess
import time

from gi.repository import Gio, GLib

ROLES = {7: "check box", 11: "combo box", 16: "dialog", 20: "filler", 23: "frame", 29: "label", 31: "list",
         32: "list item", 33: "menu", 35: "menu item", 37: "page tab", 40: "password text", 43: "push button",
         56: "table cell", 61: "text", 62: "toggle button", 66: "tree table", 79: "entry", 90: "table row"}
ACTIVE, CHECKED, FOCUSED, SELECTED, SENSITIVE = 1, 4, 12, 23, 24
ACCESSIBLE = "org.a11y.atspi.Accessible"


class TimeOut(AssertionError):
    """Something did not come up on the screen in time."""


def wait_for(what, condition, seconds=10.0):
    """The first true value of condition(), asked again and again until the time is up."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeOut("%s did not happen within %g s" % (what, seconds))
        time.sleep(0.02)


class Node:
    """One accessible object. Every question goes to the application anew."""

    def __init__(self, bus, name, path):
        self.bus, self.name_of_bus, self.path = bus, name, path

    def call(self, interface, method, args=None):
        return self.bus.call_sync(self.name_of_bus, self.path, interface, method, args, None, 0, 10000, None).unpack()

    def prop(self, interface, name):
        return self.call("org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (interface, name)))[0]

    @property
    def name(self):
        return self.prop(ACCESSIBLE, "Name")

    @property
    def description(self):
        return self.prop(ACCESSIBLE, "Description")

    @property
    def role(self):
        number = self.call(ACCESSIBLE, "GetRole")[0]
        return ROLES.get(number, str(number))

    def state(self, bit):
        words = self.call(ACCESSIBLE, "GetState")[0]
        return bool(words[bit // 32] >> (bit % 32) & 1)

    def children(self):
        return [Node(self.bus, name, path) for name, path in self.call(ACCESSIBLE, "GetChildren")[0]
                if path != "/org/a11y/atspi/null"]

    def extents(self):
        return self.call("org.a11y.atspi.Component", "GetExtents", GLib.Variant("(u)", (1,)))[0]

    def text(self):
        count = self.prop("org.a11y.atspi.Text", "CharacterCount")
        return self.call("org.a11y.atspi.Text", "GetText", GLib.Variant("(ii)", (0, count)))[0]

    def set_text(self, text):
        return self.call("org.a11y.atspi.EditableText", "SetTextContents", GLib.Variant("(s)", (text,)))[0]

    def act(self, index=0):
        return self.call("org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (index,)))

    def actions(self):
        count = self.prop("org.a11y.atspi.Action", "NActions")
        return [self.call("org.a11y.atspi.Action", "GetName", GLib.Variant("(i)", (i,)))[0] for i in range(count)]

    def walk(self):
        """Self and all below that are on the screen: parts of hidden pages have no size."""
        try:
            yield self
            for child in self.children():
                try:
                    extents = child.extents()
                except GLib.Error:
                    extents = (0, 0, 1, 1)
                if extents[2] > 0 and extents[3] > 0:
                    yield from child.walk()
        except GLib.Error:
            return  # it went away while we looked


class Application:
    """The running program, started on the display and bus that are there."""

    def __init__(self, argv, env=None):
        self.process = subprocess.Popen(argv, env=env)
        session = Gio.bus_get_sync(Gio.BusType.SESSION)
        address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress",
                                    None, None, 0, 20000, None).unpack()[0]
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.root = Node(self.bus, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
        self.node = wait_for("the program on the accessibility bus", self._find_self, 30)

    def _find_self(self):
        if self.process.poll() is not None:
            raise AssertionError("the program ended by itself, status %s" % self.process.returncode)
        try:
            for node in self.root.children():
                if node.name == "tillkeeper" and node.children():
                    return node
        except GLib.Error:
            pass
        return None

    def all(self, role=None, name=None, contains=None):
        """Everything on the screen with this role and name."""
        found = []
        for node in self.node.walk():
            try:
                if role is not None and node.role != role:
                    continue
                text = node.name
            except GLib.Error:
                continue
            if name is not None and text != name:
                continue
            if contains is not None and contains not in text:
                continue
            found.append(node)
        return found

    def find(self, role=None, name=None, contains=None, seconds=10.0):
        what = "%s %r" % (role or "anything", name or contains)
        return wait_for(what, lambda: next(iter(self.all(role, name, contains)), None), seconds)

    def gone(self, role=None, name=None, contains=None, seconds=10.0):
        wait_for("%s %r going away" % (role, name or contains), lambda: not self.all(role, name, contains), seconds)

    def names(self):
        """All the text on the screen, for messages and searches."""
        found = []
        for node in self.node.walk():
            try:
                found.append((node.role, node.name))
            except GLib.Error:
                continue
        return found

    def window(self):
        out = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "tillkeeper"],
                             capture_output=True, text=True, check=False).stdout.split()
        return out[-1] if out else None

    def picture(self, path):
        time.sleep(0.5)  # let the last frame be painted
        subprocess.run(["import", "-window", self.window(), path], check=True)

    def keys(self, *keys):
        subprocess.run(["xdotool", "key", "--delay", "30", *keys], check=True)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "30", text], check=True)

    def quit(self, seconds=10):
        """Ctrl+Q; the exit status."""
        self.keys("ctrl+q")
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
