"""Timing pages through the whole of Danbe, beside their raw SQL floor, and a table of it."""

import dataclasses
import datetime
import functools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
LIMIT_MS = 300


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One page and the statements that hold the same aggregates."""

    name: str
    address: str
    floor: Sequence[tuple[str, Sequence[Any]]] = ()
    before: Callable[[], None] = lambda: None  # not timed
    posts: Sequence[Mapping[str, str]] = ()  # sent in turn, where the page answers a POST
    role: str = "secretariat"  # whose eyes


@dataclasses.dataclass(frozen=True, slots=True)
class Measured:
    """The times of one page, in milliseconds; the floor is ``None`` where there is none."""

    name: str
    address: str
    median_ms: float
    p95_ms: float
    cpu_ms: float  # of this process alone: on PostgreSQL the database's own is not in it
    floor_ms: float | None
    n_queries: int
    n_bytes: int
    n_runs: int


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """One run on one database."""

    engine: str
    version: str
    on: str
    machine: str
    software: str
    load: str
    disk: str
    data: str
    pages: list[Measured]


def set_up(var: Path) -> None:
    """Start Django as the web server does, on the instance kept in ``var``."""
    # Given in full, whatever the machine's own configuration.
    os.environ["DJANGO_SETTINGS_MODULE"] = "danbe.config.settings"
    os.environ["DANBE_DEMO"] = "1"
    os.environ["DANBE_VAR"] = str(var)
    (var / "static").mkdir(parents=True, exist_ok=True)
    import_module("danbe.config.wsgi")


def measure(page: Page, n_runs: int) -> Measured:
    """Time one page and its floor, turn by turn, after two views that are not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks import floor

    client = signed_in(page.role)

    def ask(turn: int) -> Any:
        if page.posts:
            return client.post(page.address, page.posts[turn % len(page.posts)])
        return client.get(page.address)

    with CaptureQueriesContext(connection) as queries:
        answer = ask(0)
        n_queries = len(queries)
    if answer.status_code != 200:
        raise SystemExit(f"{page.address}: {answer.status_code}")
    ask(1)
    times, floors, cpu = [], [], []
    for turn in range(n_runs):
        page.before()
        spent = time.process_time()
        times.append(timed(functools.partial(ask, turn + 2)))
        cpu.append((time.process_time() - spent) * 1000)
        if page.floor:
            floors.append(timed(lambda: floor.run(page.floor)))
    print(f"   {page.name}: {statistics.median(times):.0f} ms", file=sys.stderr)
    return Measured(
        page.name,
        page.address,
        statistics.median(times),
        statistics.quantiles(times, n=20)[-1],
        statistics.median(cpu),
        statistics.median(floors) if floors else None,
        n_queries,
        len(answer.content),
        n_runs,
    )


def signed_in(role: str) -> Any:
    """A browser of the persona in this role, that asks for compressed pages as browsers do."""
    from django.test import Client

    from danbe.accounts.models import User

    client = Client(headers={"accept-encoding": "gzip"})
    user = User.objects.filter(holdings__post__role=role)[0]
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def timed(act: Callable[[], object]) -> float:
    """Milliseconds on the clock."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


# --- What is said of it ---------------------------------------------------------------------


def describe(data: str, load_before: float, measured: list[Measured]) -> Report:
    """Everything needed to read the numbers again in a year."""
    import django
    from django.db import connection

    with connection.cursor() as cursor:
        function = "sqlite_version()" if connection.vendor == "sqlite" else "version()"
        cursor.execute(f"SELECT {function}")
        version = str(cursor.fetchone()[0]).split(" (")[0].split(" on ")[0]
    name = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    return Report(
        connection.vendor,
        f"{name} {version.removeprefix('PostgreSQL ')}",
        datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        machine(),
        f"Python {platform.python_version()}, Django {django.get_version()}, {commit()}",
        f"{load_before:.1f} before, {os.getloadavg()[0]:.1f} after",
        f"{sync_rate():.0f} fdatasync of 4 KiB a second",
        data,
        measured,
    )


def machine() -> str:
    """Processor, cores, memory."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((ln.split(":")[1].strip() for ln in lines if ln.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.platform(terse=True)}"


def commit() -> str:
    """Which source was measured."""
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    found = subprocess.run(command, capture_output=True, text=True)
    return f"source {found.stdout.strip()}" if found.returncode == 0 else "source unknown"


def sync_rate(n: int = 100) -> float:
    """How many small writes a second the disk takes: the limit of every acknowledged write."""
    with tempfile.NamedTemporaryFile(dir=os.environ["DANBE_VAR"]) as file:
        started = time.perf_counter()
        for _turn in range(n):
            os.write(file.fileno(), b"\0" * 4096)
            os.fdatasync(file.fileno())
        return n / (time.perf_counter() - started)


def render(report: Report) -> str:
    """One database as Markdown."""
    lines = [
        f"## {report.version}",
        "",
        f"* {report.on}; {report.software}",
        f"* {report.machine}; load {report.load}; {report.disk}",
        f"* {report.data}",
        "",
        "| Page | Median ms | 95 % ms | CPU ms | Raw SQL ms | Times floor | Queries | kB sent |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in report.pages:
        floor = "" if one.floor_ms is None else f"{one.floor_ms:.1f}"
        ratio = "" if not one.floor_ms else f"{one.median_ms / one.floor_ms:.1f}"
        lines.append(
            f"| {one.name} | {one.median_ms:.0f} | {one.p95_ms:.0f} "
            f"| {one.cpu_ms:.0f} | {floor} | {ratio} "
            f"| {one.n_queries} | {one.n_bytes / 1000:.0f} |"
        )
    return "\n".join(lines) + "\n"


def together(head: str, var: Path) -> str:
    """The last run on each database, under ``head``."""
    found = []
    for engine in ("sqlite", "postgresql"):
        if (var / f"{engine}.json").exists():
            told = json.loads((var / f"{engine}.json").read_text())
            told["pages"] = [Measured(**one) for one in told["pages"]]
            found.append(render(Report(**told)))
    return "\n".join([head, *found])


def keep(report: Report, var: Path, head: str, name: str) -> None:
    """Print the table of one run, and write those of both databases to ``results/name``."""
    (var / f"{report.engine}.json").write_text(json.dumps(dataclasses.asdict(report)))
    print(render(report))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / name).write_text(together(head, var))
