"""Real instances for tests that need one: `danbe` run as people run it, in processes of its own.

An :class:`Instance` is a folder and a database of nobody else, on SQLite or, where
DANBE_DATABASE_URL names one, on PostgreSQL. A :class:`Visitor` is a browser without JavaScript.
"""

import contextlib
import http.cookiejar
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("DANBE_DATABASE_URL", "")
FIRST_START, SECOND_START = 240, 60  # seconds at most, on a slow and busy machine
A_MOMENT = 0.1

Rows = list[tuple[object, ...]]


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Said:
    """What a finished command printed."""

    code: int
    out: str
    err: str


@dataclass
class Instance:
    """A folder (DANBE_VAR), a database, and the settings that commands are given."""

    var: Path
    database_url: str = ""  # empty: SQLite in ``var``
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What the process is told: nothing of the settings of the suite itself."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DANBE_", "DJANGO_"))}
        kept |= {"DANBE_VAR": str(self.var), "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}
        if self.database_url:
            kept["DANBE_DATABASE_URL"] = self.database_url
        return kept | self.settings

    def danbe(self, *arguments: str | Path, stdin: str | None = None, **settings: str) -> Said:
        """Run one command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "danbe.config.cli", *map(str, arguments)],
            env=self.environment | settings,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=FIRST_START,
            cwd=self.var.parent,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def python(self, program: str, *arguments: str, **settings: str) -> str:
        """Run a few lines inside the instance, as an operator could; returns what they print."""
        done = subprocess.run(
            [sys.executable, "-c", f"{SET_UP}\n{program}", *arguments],
            env=self.environment | settings,
            capture_output=True,
            text=True,
            timeout=FIRST_START,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextlib.contextmanager
    def run_demo(
        self, within: float = SECOND_START, *, command: str = "run-demo", port: int = 0
    ) -> "Iterator[Server]":
        """The demonstration (or what ``command`` serves), until the block ends."""
        port = port or free_port()
        server = Server(self, [command, "--port", str(port)], port)
        try:
            server.wait_until_ready(within)
            yield server
        finally:
            server.stop()

    @contextlib.contextmanager
    def database(self) -> Iterator[sqlite3.Connection | psycopg.Connection]:
        """A connection past Danbe, as a thief or a careless administrator would open one."""
        made = (
            psycopg.connect(self.database_url)
            if self.database_url
            else sqlite3.connect(self.var / "danbe.sqlite3", timeout=20)
        )
        try:
            yield made
            made.commit()
        finally:
            made.close()

    def rows(self, query: str) -> Rows:
        """What the database itself answers."""
        with self.database() as connection:
            return list(connection.execute(query).fetchall())

    def execute(self, *statements: str) -> None:
        """Change the database behind the back of Danbe."""
        with self.database() as connection:
            for statement in statements:
                connection.execute(statement)

    def ids(self, query: str) -> list[str]:
        """The first column, read as identifiers: SQLite keeps them without dashes."""
        return [str(uuid.UUID(str(row[0]))) for row in self.rows(query)]


SET_UP = "from danbe.config import cli; cli.set_up()"


class Server:
    """One `danbe` that serves, with all its children in a process group of its own."""

    def __init__(self, instance: Instance, command: Sequence[str], port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.log_path = instance.var.parent / f"server-{port}.log"
        self._log = open(self.log_path, "wb")  # noqa: SIM115  # closed by stop()
        told = {"DANBE_DEMO": "1"} if command[0] == "run-demo" else {}  # said by hand
        self.began = time.monotonic()
        self.ready_after = 0.0  # seconds
        self.process = subprocess.Popen(
            [sys.executable, "-m", "danbe.config.cli", *command],
            env=instance.environment | told,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def log(self) -> str:
        """Everything printed so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self, within: float) -> None:
        """Ask until it answers; its log tells why it did not."""
        visitor = Visitor(self.address)
        for _try in range(int(within / A_MOMENT)):
            with contextlib.suppress(OSError):
                answer = visitor.get("/account/login/")
                assert answer.status == 200, f"{answer.status}; it said:\n{self.log}"
                self.ready_after = time.monotonic() - self.began
                return
            try:  # a pause that ends at once when the server dies
                self.process.wait(A_MOMENT)
            except subprocess.TimeoutExpired:
                continue
            break
        raise AssertionError(f"the server did not answer; it said:\n{self.log}")

    def kill(self) -> None:
        """SIGKILL to all of it at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end, then insist. Nothing of it is left."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._log.close()


# --- Making instances -----------------------------------------------------------------------


def _postgres(statement: str, name: str, *others: str) -> None:
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        names = [sql.Identifier(n) for n in (name, *others)]
        connection.execute(sql.SQL(statement).format(*names))


def _url(name: str) -> str:
    return urllib.parse.urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()


@contextlib.contextmanager
def empty_instance(folder: Path, *, postgres: bool = bool(POSTGRES)) -> Iterator[Instance]:
    """An instance that holds nothing yet, not even its tables."""
    folder.mkdir(parents=True, exist_ok=True)
    if not postgres:
        yield Instance(folder / "var")
        return
    name = f"proof_{secrets.token_hex(6)}"
    _postgres("CREATE DATABASE {}", name)
    try:
        yield Instance(folder / "var", _url(name))
    finally:
        _postgres("DROP DATABASE {} WITH (FORCE)", name)


@contextlib.contextmanager
def copy_of(template: Instance, folder: Path) -> Iterator[Instance]:
    """An instance of one's own that begins as ``template`` stands (nobody serving it)."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(template.var, folder / "var")
    if not template.database_url:
        yield Instance(folder / "var", settings=dict(template.settings))
        return
    name = f"proof_{secrets.token_hex(6)}"
    source = urllib.parse.urlsplit(template.database_url).path[1:]
    _postgres("CREATE DATABASE {} TEMPLATE {}", name, source)
    try:
        yield Instance(folder / "var", _url(name), dict(template.settings))
    finally:
        _postgres("DROP DATABASE {} WITH (FORCE)", name)


@contextlib.contextmanager
def built(folder: Path, *, postgres: bool) -> Iterator[Instance]:
    """What a first `danbe run-demo` makes, nobody serving it any more.

    It has keys of its own, as `danbe init` writes them: nothing is to be proved with the keys
    that every demonstration shares, and commands run on it without being told that it is one.
    """
    with empty_instance(folder, postgres=postgres) as instance:
        instance.var.mkdir()
        keys = "from danbe.config import cli; print(cli.environment('http://127.0.0.1:8000', ''))"
        written = subprocess.run(
            [sys.executable, "-c", keys],
            env=instance.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        (instance.var / "danbe.env").write_text(written.stdout)
        with instance.run_demo(within=FIRST_START):
            pass
        yield instance


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """What the first `danbe run-demo` of an SQLite instance leaves behind. To be copied."""
    with built(tmp_path_factory.mktemp("demonstration"), postgres=False) as instance:
        yield instance


@pytest.fixture(scope="session")
def kept(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Instance]:
    """The same on the database that the suite runs on. To be copied."""
    if not POSTGRES:
        yield request.getfixturevalue("demonstration")
        return
    with built(tmp_path_factory.mktemp("kept"), postgres=True) as instance:
        yield instance


@pytest.fixture
def instance(kept: Instance, tmp_path: Path) -> Iterator[Instance]:
    """The demonstration, for one test, on the database that the suite runs on."""
    with copy_of(kept, tmp_path / "instance") as made:
        yield made


# --- A browser without JavaScript -----------------------------------------------------------


@dataclass(frozen=True)
class Control:
    """One field of a form, with what it would send untouched."""

    name: str
    value: str
    kind: str
    sent: bool  # false: a box not ticked, a button not pressed


@dataclass
class Form:
    """A form as the page shows it."""

    action: str
    method: str
    id: str = ""
    controls: list[Control] = field(default_factory=list)

    def fields(self) -> list[tuple[str, str]]:
        """What an untouched form sends."""
        return [(c.name, c.value) for c in self.controls if c.sent]

    def names(self) -> set[str]:
        """Every field, pressed or not."""
        return {c.name for c in self.controls}


class _Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._area: tuple[str, Form] | None = None
        self._select = ""
        self._n_chosen = 0
        self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form":
            method = told.get("method", "get").lower()
            self._open = Form(told.get("action", ""), method, told.get("id", ""))
            self.forms.append(self._open)
            return
        form = next((f for f in self.forms if f.id == told["form"]), None) if (
            told.get("form")
        ) else self._open  # fmt: skip
        if form is None or "disabled" in told:
            return
        if tag == "input" and told.get("name"):
            kind = told.get("type", "text")
            value = told.get("value", "on" if kind in ("checkbox", "radio") else "")
            quiet = kind in ("checkbox", "radio") and "checked" not in told
            sent = not quiet and kind not in ("submit", "button", "image", "file")
            form.controls.append(Control(told["name"], value, kind, sent))
        elif tag == "button" and told.get("name"):
            form.controls.append(Control(told["name"], told.get("value", ""), "submit", False))
        elif tag == "textarea":
            self._area, self._text = (told.get("name", ""), form), ""
        elif tag == "select":
            self._select, self._n_chosen = told.get("name", ""), len(form.controls)
        elif tag == "option" and self._select:
            first = len(form.controls) == self._n_chosen
            if first or "selected" in told:
                del form.controls[self._n_chosen :]
                chosen = Control(self._select, told.get("value", ""), "select", True)
                form.controls.append(chosen)

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            name, form = self._area
            text = self._text.removeprefix("\n")
            form.controls.append(Control(name, text, "textarea", True))
            self._area = None


@dataclass(frozen=True)
class Answer:
    """What came back, redirects followed."""

    status: int
    url: str
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path

    @property
    def goes_to(self) -> str:
        """Where a redirect that was not followed leads."""
        return str(self.headers.get("Location", ""))

    @property
    def forms(self) -> list[Form]:
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms

    def form(self, *names: str, action: str = "") -> Form:
        """The form that holds all these fields, or goes to that address."""
        for form in self.forms:
            if set(names) <= form.names() and action in form.action:
                return form
        raise AssertionError(f"no form with {names} {action} at {self.url} ({self.status})")


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """A 404 is an answer too; redirects are followed unless told otherwise."""

    follow = True

    def http_response(self, request, response):  # type: ignore[no-untyped-def]
        if self.follow and response.status in (301, 302, 303, 307, 308):
            return super().http_response(request, response)
        return response


class Visitor:
    """A person at a browser without JavaScript; remembers cookies, not pages."""

    def __init__(self, address: str, timeout: float = 60, *, follow: bool = True) -> None:
        self.address, self.timeout = address, timeout
        self.jar = http.cookiejar.CookieJar()
        errors = _AnyStatus()
        errors.follow = follow
        self._browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.jar),
            errors,
        )

    def cookie(self, name: str) -> str:
        return next((c.value or "" for c in self.jar if c.name == name), "")

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.address, path)))

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Answer:
        """Send a form, with the token of this browser."""
        pairs = list(fields.items() if isinstance(fields, Mapping) else fields)
        pairs = [(name, value) for name, value in pairs if name != "csrfmiddlewaretoken"]
        pairs.append(("csrfmiddlewaretoken", self.cookie("csrftoken")))
        boundary = secrets.token_hex(16)
        parts = [_part(boundary, f'name="{n}"', v.encode()) for n, v in pairs]
        for name, (filename, data) in (files or {}).items():
            parts.append(_part(boundary, f'name="{name}"; filename="{filename}"', data))
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        request = urllib.request.Request(urllib.parse.urljoin(self.address, path), data=body)
        request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        return self._ask(request)

    def send(
        self,
        page: Answer,
        form: Form,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        /,
        **typed: str,
    ) -> Answer:
        """Fill a form of ``page`` and press its button (name it in ``typed``, if named)."""
        pairs = [(name, value) for name, value in form.fields() if name not in typed]
        pairs += typed.items()
        target = urllib.parse.urljoin(page.url, form.action)
        if form.method == "get":
            return self.get(f"{target}?{urllib.parse.urlencode(pairs)}")
        return self.post(target, pairs, files)

    def sign_in(self, persona: str) -> Answer:
        """The one click of the demonstration."""
        page = self.get("/account/login/")
        form = page.form("persona")
        return self.send(page, form, persona=persona)

    def _ask(self, request: urllib.request.Request) -> Answer:
        with self._browser.open(request, timeout=self.timeout) as response:
            return Answer(response.status, response.url, response.headers, response.read())


def _part(boundary: str, name: str, data: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {name}\r\n"
    if "filename" in name:
        head += "Content-Type: application/octet-stream\r\n"
    return head.encode() + b"\r\n" + data + b"\r\n"
