"""Proves a Debian package in a system that has nothing else: prove.py PACKAGE.deb DRIVER FOLDER.

A bare Debian is made with debootstrap (kept in FOLDER for the next time), and a fresh copy of it gets what the package
depends on, then the package. As an ordinary user the installed app is opened in a window and driven: a passphrase is chosen,
an assessment is begun, written in, cut short by an abort, opened again, and exported through the desktop's own dialog; the
installed terminal program verifies the PDF, and what was written is looked for in the clear, everywhere. Then the package is purged, and what is left is compared with what was there before:
nothing may differ outside the user's home, and there nothing but the user's data.

Needs root, debootstrap and a mirror of Debian. DRIVER is tauri-driver. Exits with 1 where something does not hold.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
# What drives and shows the window; none of it is what the package brings.
TOOLS = ["webkit2gtk-driver", "xvfb", "xdotool", "openbox", "desktop-file-utils", "procps"]
USER, HOME = "officer", "/home/officer"
PORT, NATIVE_PORT, DISPLAY = 4544, 4545, ":97"
PASSPHRASE = "four words that differ"
WORDS = "Written in the package that was installed."
PATIENCE = 60
# What installing and removing any package writes: lists, logs and caches of the system's own.
WRITTEN_BY_THE_SYSTEM = [
    "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log", "/usr/share/mime", "/usr/share/applications/mimeinfo.cache",
    "/usr/share/icons/hicolor/icon-theme.cache", "/etc/.pwd.lock", "/proc", "/sys", "/dev", "/run", "/tmp", HOME,
]


class Failure(Exception):
    """Something does not hold."""


def main():
    parser = argparse.ArgumentParser(description="Proves a Debian package in a bare system.")
    parser.add_argument("package", type=Path)
    parser.add_argument("driver", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("this needs root: a system is made and entered")
    root = make_root(asked.folder)
    with mounted(root):
        try:
            prove(root, asked.package, asked.driver, asked.folder)
        except Failure as failure:
            sys.exit(f"the package does not hold: {failure}")
    say("the package was installed, driven and removed")


def say(words):
    print(f"  {words}", flush=True)


def make_root(folder):
    """A fresh copy of a bare Debian."""
    folder.mkdir(parents=True, exist_ok=True)
    base, root = folder / "base", folder / "root"
    if not (base / "made").exists():
        say("making a bare Debian")
        shutil.rmtree(base, ignore_errors=True)
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, base, MIRROR], check=True, stdout=subprocess.DEVNULL)
        (base / "made").touch()
    if root.exists():
        shutil.rmtree(root)
    subprocess.run(["cp", "-a", base, root], check=True)
    return root


@contextlib.contextmanager
def mounted(root):
    """The file systems of the kernel, for as long as they are needed."""
    places = [("proc", "proc", "proc"), ("devtmpfs", "devtmpfs", "dev"), ("tmpfs", "tmpfs", "dev/shm"), ("tmpfs", "tmpfs", "run")]
    done = []
    try:
        for kind, source, place in places:
            target = root / place
            target.mkdir(exist_ok=True)
            subprocess.run(["mount", "-t", kind, source, target], check=True)
            done.append(target)
        (root / "dev/shm").chmod(0o1777)
        yield
    finally:
        for target in reversed(done):
            subprocess.run(["umount", "--lazy", target], check=False)


def inside(root, command, **options):
    """Runs a command in the system; gives what it printed."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["chroot", root, *command], capture_output=True, text=True, check=False, env=environment, **options
    )
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def prove(root, package, driver, folder):
    say("installing what the package depends on")
    inside(root, ["apt-get", "update", "--quiet"])
    inside(root, ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *TOOLS])
    shutil.copy(package, root / "tmp/app.deb")
    needs = inside(root, ["dpkg-deb", "--field", "/tmp/app.deb", "Depends"])
    names = [need.split("|")[0].split("(")[0].strip() for need in needs.split(",") if need.strip()]
    inside(root, ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *names])
    inside(root, ["useradd", "--create-home", "--shell", "/bin/sh", USER])
    before = list_files(root)

    say("installing the package")
    inside(root, ["dpkg", "--install", "/tmp/app.deb"])
    look_at_installed(root)
    shutil.copy(driver, root / "tmp/tauri-driver")
    # The driver does not outlive a window that is aborted, so each window has a desktop of its own.
    with Desktop(root, folder):
        begin(root)
    with Desktop(root, folder):
        go_on(root)
    report = f"{HOME}/report.pdf"
    said = as_user(root, ["dpia", "verify", report])
    if "Intact:  yes" not in said or "Valid:   yes" not in said:
        raise Failure(f"the report is not sound:\n{said}")
    say("the installed terminal program verified the report")
    look_for_plaintext(root)

    say("removing the package")
    inside(root, ["dpkg", "--purge", "dpia-editor"])
    after = list_files(root)
    if before != after:
        raise Failure("what is left differs: " + ", ".join(sorted(before ^ after)[:20]))
    kept = sorted(str(path.relative_to(root / HOME[1:])) for path in (root / HOME[1:]).rglob("*") if path.is_file())
    if not any(name.endswith("assessments.db") for name in kept) or "report.pdf" not in kept:
        raise Failure(f"the user's data is gone: {kept}")
    say("left in the user's home: " + ", ".join(name for name in kept if "dpia" in name.lower() or name == "report.pdf"))


def look_for_plaintext(root):
    """What was written lies nowhere in the clear: not in the app's folders, WebKit's, the desktop's, nor in a core."""
    needles = [WORDS.encode(), WORDS.encode("utf-16-le")]
    searched = 0
    for place in (HOME, "/tmp", "/var/tmp", "/var/crash", "/var/log", "/run"):
        for path in (root / place[1:]).rglob("*"):
            if path.is_symlink() or not path.is_file():
                continue
            content = path.read_bytes()
            searched += 1
            if any(needle in content for needle in needles):
                raise Failure(f"{path.relative_to(root)} holds an answer in the clear")
    say(f"what was written is in none of {searched} files in the clear")


def as_user(root, command):
    return inside(root, ["runuser", "--user", USER, "--", "env", f"HOME={HOME}", *command])


def list_files(root):
    """Every file and folder of the system but what the system itself writes."""
    found = set()
    for place, folders, files in os.walk(root):
        here = "/" + os.path.relpath(place, root).lstrip(".").lstrip("/")
        skip = lambda path: any(path == written or path.startswith(written + "/") for written in WRITTEN_BY_THE_SYSTEM)
        folders[:] = [name for name in folders if not skip(os.path.join(here, name))]
        found.update(os.path.join(here, name) for name in [*folders, *files] if not skip(os.path.join(here, name)))
    return found


def look_at_installed(root):
    entry = "/usr/share/applications/DPIA Editor.desktop"
    inside(root, ["desktop-file-validate", entry])
    # The desktop knows the kind of file, and which program opens it.
    (root / "tmp/some.dpia").write_bytes(b"PK\x03\x04")
    kind = inside(root, ["sh", "-c", "grep -h '\\*\\.dpia' /usr/share/mime/globs2 || true"])
    opened_by = inside(root, ["sh", "-c", "cat /usr/share/applications/mimeinfo.cache 2>/dev/null || true"])
    if "application/vnd.dpia-bundle+zip" not in kind or "application/vnd.dpia-bundle+zip=DPIA Editor.desktop;" not in opened_by:
        raise Failure(f"the desktop does not open .dpia files with the app: {kind!r}, {opened_by!r}")
    said = as_user(root, ["dpia", "--version"])
    say(f"{said.strip()}; .dpia files open in the app")


class Desktop:
    """A display with a window manager, and the driver of windows, as the user."""

    def __init__(self, root, folder):
        self.root, self.log, self.running = root, open(folder / "desktop.log", "ab"), []

    def __enter__(self):
        self.start(["Xvfb", DISPLAY, "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
        time.sleep(2)
        self.start(["openbox"])
        self.start(
            ["/tmp/tauri-driver", "--port", str(PORT), "--native-port", str(NATIVE_PORT), "--native-driver", "/usr/bin/WebKitWebDriver"]
        )
        return self

    def start(self, command):
        environment = ["env", f"HOME={HOME}", f"DISPLAY={DISPLAY}", "XDG_RUNTIME_DIR=/tmp", "LC_ALL=C.UTF-8", "NO_AT_BRIDGE=1"]
        full = ["chroot", self.root, "runuser", "--user", USER, "--", *environment, *command]
        self.running.append(subprocess.Popen(full, stdout=self.log, stderr=self.log, start_new_session=True))

    def __exit__(self, *_):
        for process in reversed(self.running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        # What they started themselves is in sessions of its own.
        subprocess.run(["chroot", self.root, "pkill", "-KILL", "--euid", USER], check=False)
        for process in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
        self.log.close()


class Window:
    """The installed app, driven (W3C WebDriver)."""

    def __init__(self):
        options = {"browserName": "wry", "tauri:options": {"application": "/usr/bin/dpia-editor"}}
        self.base = f"http://127.0.0.1:{PORT}"
        answer = until("the app opens", lambda: self.ask("POST", "/session", {"capabilities": {"alwaysMatch": options}}))
        self.base += f"/session/{answer['sessionId']}"

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def find(self, name):
        where = {"using": "css selector", "value": f"[data-testid='{name}']"}
        return until(f"`{name}` is there", lambda: next(iter(self.ask("POST", "/element", where).values())))

    def press(self, name):
        self.ask("POST", f"/element/{self.find(name)}/click", {})

    def fill(self, name, words):
        self.ask("POST", f"/element/{self.find(name)}/value", {"text": words})

    def read(self, name):
        return self.ask("GET", f"/element/{self.find(name)}/text")

    def close(self):
        self.ask("DELETE", "")


def until(what, attempt):
    """The first answer of an attempt, asked for until patience ends."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            answer = attempt()
            if answer:
                return answer
            error = None
        except (urllib.error.URLError, ConnectionError, TimeoutError) as thrown:
            error = thrown.read().decode()[:400] if isinstance(thrown, urllib.error.HTTPError) else thrown
        if time.monotonic() > end:
            raise Failure(f"{what}: not within {PATIENCE} s ({error})")
        time.sleep(0.2)


def begin(root):
    window = Window()
    window.fill("passphrase-new", PASSPHRASE)
    window.fill("passphrase-again", PASSPHRASE)
    window.press("passphrase-accept")
    for part, words in [("name", "Ada Officer"), ("role", "DPO"), ("organisation", "Juniper"), ("email", "ada@example.org")]:
        window.fill(f"person-{part}", words)
    window.press("continue")
    window.press("recovery-later")
    window.fill("new-product", "Sonar")
    window.press("create")
    window.find("editor")
    window.press("section:purpose")
    window.fill("answer:purpose.aims", WORDS)
    until("the words are shown", lambda: WORDS in window.read("answer:purpose.aims"))
    # What was saved before is said until the first letter is on its way.
    time.sleep(0.5)
    until("the words are kept", lambda: window.ask("GET", f"/element/{window.find('save-state')}/attribute/data-kind") == "saved")
    inside(root, ["pkill", "-ABRT", "--exact", "dpia-editor"])
    say("an assessment was begun in the installed app, which was aborted")


def go_on(root):
    window = Window()
    window.fill("unlock-passphrase", PASSPHRASE)
    window.press("unlock-accept")
    window.press("assessment")
    window.press("section:purpose")
    until("the words are there again", lambda: WORDS in window.read("answer:purpose.aims"))
    window.press("export-pdf")
    window.press("export-accept")
    answer_dialog(root, f"{HOME}/report.pdf")
    until("the report is written", lambda: "report.pdf written" in window.read("toast"))
    window.close()
    say("it was opened again, and exported through the desktop's own dialog")


def answer_dialog(root, path):
    """Types a path into the dialog that the desktop shows."""
    tool = ["env", f"DISPLAY={DISPLAY}", "xdotool"]
    until("the dialog is shown", lambda: len(as_user(root, [*tool, "search", "--onlyvisible", "--name", ".*"]).split()) > 1)
    time.sleep(2)
    as_user(root, [*tool, "key", "ctrl+a"])
    as_user(root, [*tool, "type", "--delay", "30", path])
    as_user(root, [*tool, "key", "Return"])


if __name__ == "__main__":
    main()
