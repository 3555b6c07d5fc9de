"""Asks the window on the display to close, as its close button does: a WM_DELETE_WINDOW message (ICCCM, 4.2.8.1).

No window manager runs where the tests do, so there is no button to press."""

import ctypes as c
import ctypes.util

x = c.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
for name in ("XOpenDisplay", "XDefaultRootWindow", "XInternAtom"):
    getattr(x, name).restype = c.c_void_p if name == "XOpenDisplay" else c.c_ulong


class ClientMessage(c.Structure):
    _fields_ = [("type", c.c_int), ("serial", c.c_ulong), ("send_event", c.c_int), ("display", c.c_void_p),
                ("window", c.c_ulong), ("message_type", c.c_ulong), ("format", c.c_int), ("data", c.c_long * 5)]


class Event(c.Union):
    _fields_ = [("message", ClientMessage), ("room", c.c_long * 24)]


display = c.c_void_p(x.XOpenDisplay(None))
protocols = x.XInternAtom(display, b"WM_PROTOCOLS", 0)
delete = x.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
CLIENT_MESSAGE = 33


def windows_in(window):
    root, parent, children, count = c.c_ulong(), c.c_ulong(), c.POINTER(c.c_ulong)(), c.c_uint()
    x.XQueryTree(display, c.c_ulong(window), c.byref(root), c.byref(parent), c.byref(children), c.byref(count))
    for child in children[: count.value]:
        yield child
        yield from windows_in(child)


def hears(window):
    atoms, count = c.POINTER(c.c_ulong)(), c.c_int()
    return x.XGetWMProtocols(display, c.c_ulong(window), c.byref(atoms), c.byref(count)) and delete in atoms[: count.value]


asked = [window for window in windows_in(x.XDefaultRootWindow(display)) if hears(window)]
for window in asked:
    event = Event()
    event.message = ClientMessage(CLIENT_MESSAGE, 0, 1, display, window, protocols, 32, (c.c_long * 5)(delete, 0, 0, 0, 0))
    x.XSendEvent(display, c.c_ulong(window), 0, c.c_long(0), c.byref(event))
x.XFlush(display)
x.XSync(display, 0)
raise SystemExit(0 if asked else "no window can be asked to close")
