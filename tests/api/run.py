"""Starts a server, sets it up, and has schemathesis ask everything of its API: as nobody, as a guest and a member who are
in a meeting, and as the administrator.

Fails on an answer of 5xx and on one that the document does not name. PARLOR_BIN is the server; arguments go to
schemathesis.
"""

import contextlib
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request

HERE = pathlib.Path(__file__).parent
# What has to be right of every answer. Limits of length and alphabet are not in the document, so what is refused beyond
# it is no failure.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,unsupported_method"
)
# Each of the four runs: together with the start and with what ends a session they take about four minutes.
SECONDS = 50
EXAMPLES = 20
# What ends this very session, after which the rest would be asked by nobody: it is asked last, for so many seconds.
ENDINGS = ("signOut", "signUp")
SECONDS_OF_ENDINGS = 20
# Signalling's `SignalRequest` that holds `ping`, in a WebSocket frame of two bytes: the mask changes nothing.
PING = bytes([0x82, 0x82, 0, 0, 0, 0, 0x70, 0x01])
PING_EACH = 5


def started(server, pattern):
    """The first line of the server's output that fits."""
    for line in server.stdout:
        found = re.search(pattern, line)
        if found:
            return found.group(1)
    sys.exit("the server ended before it said " + pattern)


def ask(url, path, body, cookie="", method="POST", kind="application/json"):
    """One request that has to succeed: its answer, and the cookie that it sets."""
    headers = {"content-type": kind, "cookie": cookie}
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url + path, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer), (answer.headers.get("set-cookie") or "").split(";")[0]


class Place(threading.Thread):
    """A place in the meeting of a room, taken anew when it is lost, until all is over."""

    over = threading.Event()
    broken = []

    def __init__(self, url, room, cookie):
        super().__init__(daemon=True)
        self.url, self.room, self.cookie = url, room, cookie
        self.taken = threading.Event()
        self.start()
        if not self.taken.wait(30):
            sys.exit("nobody was let in")

    def run(self):
        while not self.over.is_set():
            try:
                self.take()
            except OSError as error:
                if not self.over.is_set():
                    self.broken.append(f"a place in the meeting was lost: {error}")
                return

    def take(self):
        entry, _ = ask(self.url, f"/api/v1/rooms/{self.room}/join", {"name": "Somebody"}, self.cookie)
        host = self.url.removeprefix("http://")
        lines = [
            f"GET /rtc/v1?access_token={entry['ticket']['token']} HTTP/1.1",
            f"Host: {host}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]
        with socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=PING_EACH) as stream:
            stream.sendall("\r\n".join([*lines, "", ""]).encode())
            self.stay(stream)

    def stay(self, stream):
        while True:
            try:
                if not stream.recv(65536):
                    return
                self.taken.set()
            except TimeoutError:
                pass
            except ConnectionError:
                return
            with contextlib.suppress(ConnectionError):
                stream.sendall(PING)


def meeting(url, admin, cookie=""):
    """A meeting of the administrator's with somebody else in it: a guest unless the cookie is an account's. Gives back that
    somebody's cookie, and what the hooks have to know."""
    made, _ = ask(url, "/api/v1/rooms", {"listed": True}, admin)
    room = made["room"]["code"]
    ask(url, f"/api/v1/rooms/{room}", {"policy": {"lobby": "off", "guests": True}}, admin, "PATCH")
    _, guest = ask(url, f"/api/v1/rooms/{room}/join", {"name": "Somebody"}, cookie)
    cookie = cookie or guest
    Place(url, room, admin)
    Place(url, room, cookie)
    file, _ = ask(url, f"/api/v1/rooms/{room}/files?name=a.txt", b"A text.", cookie, kind="application/octet-stream")
    line, _ = ask(url, f"/api/v1/rooms/{room}/messages", {"text": "A line", "file": file["id"]}, cookie)
    return cookie, {"PARLOR_ROOM": room, "PARLOR_MESSAGE": line["id"], "PARLOR_FILE": file["id"]}


def examine(url, name, cookie, named):
    """Two runs, the second of what ends a session; whether nothing was found."""
    if not cookie:
        return run(url, name, "", named, SECONDS, [])
    rest = [word for ending in ENDINGS for word in ("--exclude-operation-id", ending)]
    endings = [word for ending in ENDINGS for word in ("--include-operation-id", ending)]
    right = run(url, name, cookie, named, SECONDS, rest)
    return run(url, name + ", at last", cookie, named, SECONDS_OF_ENDINGS, endings) and right


def run(url, name, cookie, named, seconds, which):
    """One run; whether nothing was found."""
    print(f"-- as {name}", flush=True)
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", url + "/api/v1/openapi.json"]
    command += ["--checks", CHECKS, "--max-examples", str(EXAMPLES), "--max-time", str(seconds), "--no-shrink"]
    command += ["--phases", "coverage,fuzzing", "--seed", "1", "--workers", "1", "--continue-on-failure", "--warnings", "off"]
    command += ["--suppress-health-check", "all", "--request-timeout", "30", "--no-color", *which]
    if cookie:
        command += ["-H", "Cookie: " + cookie]
    command += sys.argv[1:]
    environment = os.environ | named | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
    with tempfile.TemporaryDirectory() as folder:
        # Cookies of its own invention would stand in the place of the real one.
        settings = "[generation]\nwith-security-parameters = false\n"
        pathlib.Path(folder, "schemathesis.toml").write_text(settings, encoding="utf-8")
        done = subprocess.run(command, env=environment, cwd=folder, check=False, stdout=subprocess.PIPE, text=True)
        print(done.stdout, flush=True)
        # A machine so busy that the time was over before anything was asked.
        return done.returncode == 0 and "No test cases were generated" not in done.stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["serve", "--listen", "127.0.0.1:0", "--media-port", "0", "--data", folder, "--behind-proxy"]
        log = open(pathlib.Path(folder) / "log", "w+", encoding="utf-8")
        server = subprocess.Popen(
            [os.environ["PARLOR_BIN"], *arguments], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            # By a name: passkeys are bound to one, and an address is none.
            url = "http://localhost" + started(server, r"http://127\.0\.0\.1(:\d+)")
            code = started(server, r"Set-up code: ([0-9A-Z-]+)")
            account = {"name": "admin", "displayName": "Ada", "password": "a password for the tests"}
            set_up = {"code": code, "serverName": "Parlor", "create": "anyone", "signUp": True, "account": account}
            _, cookie = ask(url, "/api/v1/setup", set_up)
            _, member = ask(url, "/api/v1/accounts", {"name": "member", "password": account["password"]})
            made, _ = ask(url, "/api/v1/rooms", {"listed": True}, cookie)
            empty = {"PARLOR_ROOM": made["room"]["code"]}
            right = [examine(url, "nobody", "", empty)]
            right += [examine(url, "a guest in a meeting", *meeting(url, cookie))]
            right += [examine(url, "a member in a meeting", *meeting(url, cookie, member))]
            # Last, as what the administrator changes holds for all.
            right += [examine(url, "the administrator", cookie, empty)]
            Place.over.set()
            alive = server.poll() is None
            log.seek(0)
            wrong = [line for line in log if " ERROR " in line or "panicked" in line]
            print("".join(wrong[:20]), end="")
            print("\n".join(Place.broken))
            sys.exit(0 if all(right) and alive and not wrong and not Place.broken else 1)
        finally:
            server.terminate()
            server.wait(timeout=30)


main()
