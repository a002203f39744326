"""Starts a server, sets it up, and has schemathesis ask everything of its API: as the administrator, and as nobody.

Fails on an answer of 5xx and on one that the document does not name. PARLOR_BIN is the server; arguments go to
schemathesis.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).parent
# What has to be right of every answer. Limits of length and alphabet are not in the document, so what is refused beyond
# it is no failure.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,unsupported_method"
)
# Each of the two runs: together with the start they take about two minutes.
SECONDS = 50
EXAMPLES = 20


def started(server, pattern):
    """The first line of the server's output that fits."""
    for line in server.stdout:
        found = re.search(pattern, line)
        if found:
            return found.group(1)
    sys.exit("the server ended before it said " + pattern)


def ask(url, path, body, cookie=""):
    """One request that has to succeed: its answer, and the cookie that it sets."""
    headers = {"content-type": "application/json", "cookie": cookie}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer), (answer.headers.get("set-cookie") or "").split(";")[0]


def examine(url, name, headers, room):
    """One run; whether nothing was found."""
    print(f"-- as {name}", flush=True)
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", url + "/api/v1/openapi.json"]
    command += ["--checks", CHECKS, "--max-examples", str(EXAMPLES), "--max-time", str(SECONDS), "--no-shrink"]
    command += ["--phases", "coverage,fuzzing", "--seed", "1", "--workers", "1", "--continue-on-failure", "--warnings", "off"]
    command += ["--suppress-health-check", "all", "--request-timeout", "30", "--no-color"]
    for header in headers:
        # What ends this very session, after which the rest would be asked by nobody.
        command += ["-H", header]
        for ending in ("signOut", "signUp", "signOutDevice"):
            command += ["--exclude-operation-id", ending]
    command += sys.argv[1:]
    environment = os.environ | {"PARLOR_ROOM": room, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
    with tempfile.TemporaryDirectory() as folder:
        # Cookies of its own invention would stand in the place of the real one.
        settings = "[generation]\nwith-security-parameters = false\n"
        pathlib.Path(folder, "schemathesis.toml").write_text(settings, encoding="utf-8")
        return subprocess.run(command, env=environment, cwd=folder, check=False).returncode == 0


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
            made, _ = ask(url, "/api/v1/rooms", {"listed": True}, cookie)
            room = made["room"]["code"]
            right = [examine(url, "nobody", [], room), examine(url, "the administrator", ["Cookie: " + cookie], room)]
            alive = server.poll() is None
            log.seek(0)
            wrong = [line for line in log if " ERROR " in line or "panicked" in line]
            print("".join(wrong[:20]), end="")
            sys.exit(0 if all(right) and alive and not wrong else 1)
        finally:
            server.terminate()
            server.wait(timeout=30)


main()
