"""`python -m benchmarks`: the pages over a nation's worth of returns, beside the raw SQL floor.

One database a run: PostgreSQL where DANBE_DATABASE_URL says so, SQLite otherwise. The SQLite one
is generated once and kept in var/bench. Results of both are put together in results/latest.md.
"""

import argparse
import dataclasses
import datetime
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
RESULTS = Path(__file__).resolve().parent / "results"
LIMIT_MS = 300  # what the median of a page must stay under
YEAR = 2023
DEFINITION = "victims_identified"
# Given in full, whatever the machine's own configuration.
os.environ["DJANGO_SETTINGS_MODULE"] = "danbe.config.settings"
os.environ["DANBE_DEMO"] = "1"
os.environ["DANBE_VAR"] = str(VAR)


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One page and the statements that hold the same aggregates."""

    name: str
    address: str
    floor: Sequence[tuple[str, Sequence[Any]]] = ()
    before: Callable[[], None] = lambda: None  # not timed


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


def main() -> int:
    """Generate once, time every page, write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--observations", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=21, help="timed views of each page")
    parser.add_argument("--again", action="store_true", help="generate the data again")
    options = parser.parse_args()
    VAR.mkdir(parents=True, exist_ok=True)
    set_up()
    said = prepare(options.observations, again=options.again)
    load_before = os.getloadavg()[0]
    measured = [measure(page, options.runs) for page in pages()]
    report = describe(said, load_before, measured)
    (VAR / f"{report.engine}.json").write_text(json.dumps(dataclasses.asdict(report)))
    table = render(report)
    print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.md").write_text(together())
    slow = [m.name for m in measured if m.median_ms >= LIMIT_MS]
    print(f"!!! over {LIMIT_MS} ms: {', '.join(slow)}" if slow else f"all under {LIMIT_MS} ms")
    return 1 if slow else 0


def set_up() -> None:
    """Start Django as the web server does."""
    (VAR / "static").mkdir(exist_ok=True)
    import_module("danbe.config.wsgi")


# --- The data -------------------------------------------------------------------------------


def prepare(n_observations: int, *, again: bool) -> str:
    """Migrate, load, generate unless the same data stand already; says what there is."""
    from django.core.management import call_command
    from django.db import connection

    file = Path(str(connection.settings_dict["NAME"]))
    stamp = VAR / "sqlite.stamp"
    wanted = fingerprint(n_observations)
    is_file = connection.vendor == "sqlite"
    if is_file and (again or not stamp.exists() or stamp.read_text() != wanted):
        stamp.unlink(missing_ok=True)
        for suffix in ("", "-wal", "-shm"):
            Path(f"{file}{suffix}").unlink(missing_ok=True)
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    if not has_data():
        generate_all(n_observations)
        seconds = time.perf_counter() - started
        print(f"{connection.vendor}: generated in {seconds:.0f} s", file=sys.stderr)
        if is_file:
            stamp.write_text(wanted)
    return counts()


def fingerprint(n_observations: int) -> str:
    """Changes with the generator, the schema and the reference data."""
    told = hashlib.sha256(str(n_observations).encode())
    sources = [Path(__file__).parent / "generate.py"]
    for folder, kind in (("figures/migrations", "*.py"), ("accounts/migrations", "*.py")):
        sources += sorted((ROOT / "src" / "danbe" / folder).glob(kind))
    sources += sorted((ROOT / "src" / "danbe" / "data").glob("*.csv"))
    for source in sources:
        told.update(source.read_bytes())
    return told.hexdigest()


def has_data() -> bool:
    """Whether generation was done: it commits as a whole."""
    from danbe.figures.models import Observation

    return Observation.objects.exists()


def generate_all(n_observations: int) -> None:
    """Reference data, the persona who looks, then the returns."""
    from benchmarks.generate import generate
    from danbe.jobs import demo, load

    load.load_all()
    demo.seat_everybody()
    generate(n_observations)


def counts() -> str:
    """What the database holds."""
    from danbe.accounts.models import Organisation
    from danbe.figures.models import Observation, Return

    n_bodies = Organisation.objects.filter(code__startswith="FICTIF").count()
    return (
        f"{n_bodies} members, {Return.unscoped.count():,} returns, "
        f"{Observation.objects.count():,} observations, 2010-2024 (seeded, fictitious)"
    )


# --- The pages ------------------------------------------------------------------------------


def pages() -> list[Page]:
    """What is timed, for the secretariat."""
    from benchmarks import floor

    here = f"/figures/?definition={DEFINITION}&window={YEAR}"
    by_sex_age = floor.explorer(DEFINITION, YEAR, floor.BY_SEX_AGE)
    return [
        Page("Frame of every page (help)", "/help/"),
        Page("Home", "/"),
        Page("Explorer, by region", here, floor.explorer(DEFINITION, YEAR, floor.BY_REGION)),
        Page("Explorer, by sex and age", f"{here}&by=sex_age", by_sex_age),
        Page(
            "Explorer, April to March",
            f"/figures/?definition={DEFINITION}&window={YEAR}-04-01..{YEAR + 1}-03-31",
        ),
        Page("Explorer, one region", f"{here}&place=kayes-2023"),
        Page("Explorer, a stock", f"/figures/?definition=shelter_places&window={YEAR}"),
        Page("Sources of a figure", f"/figures/sources/?definition={DEFINITION}&window={YEAR}"),
        Page("Completeness", f"/completeness/?window={YEAR}", floor.completeness(YEAR)),
        Page(
            "Annual report, draft, after a change",
            f"/reports/{YEAR}/draft/",
            floor.report(YEAR),
            forget,
        ),
        Page("Annual report, draft, read again", f"/reports/{YEAR}/draft/", floor.report(YEAR)),
    ]


def forget() -> None:
    """A draft is built once for each state of the audit trail: any act makes it built again."""
    from danbe.reports import export, queries

    for module in (export, queries):
        for function in vars(module).values():
            if callable(getattr(function, "cache_clear", None)):
                function.cache_clear()


def measure(page: Page, n_runs: int) -> Measured:
    """Time one page and its floor, turn by turn, after two views that are not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks import floor

    client = signed_in()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(page.address)
        n_queries = len(queries)
    if answer.status_code != 200:
        raise SystemExit(f"{page.address}: {answer.status_code}")
    client.get(page.address)
    times, floors, cpu = [], [], []
    for _run in range(n_runs):
        page.before()
        spent = time.process_time()
        times.append(timed(lambda: client.get(page.address)))
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


def signed_in() -> Any:
    """A browser of the secretariat, that asks for compressed pages as browsers do."""
    from django.test import Client

    from danbe.accounts.models import User
    from danbe.core.access import Role

    client = Client(headers={"accept-encoding": "gzip"})
    user = User.objects.filter(holdings__post__role=Role.SECRETARIAT)[0]
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
    with tempfile.NamedTemporaryFile(dir=VAR) as file:
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


def together() -> str:
    """The last run on each database."""
    head = (
        "# Pages over 300 members and 15 years\n\n"
        "Written by `make bench`. Each page is asked through the whole of Danbe (sign-in, rights, "
        "drawing, compression) by the secretariat, in one process, and so many times in turn with "
        "its raw SQL floor: the same aggregates written by hand. Two cores are shared with other "
        f"work: ratios mean more than seconds. A median of {LIMIT_MS} ms is the limit.\n"
    )
    found = []
    for engine in ("sqlite", "postgresql"):
        if (VAR / f"{engine}.json").exists():
            told = json.loads((VAR / f"{engine}.json").read_text())
            told["pages"] = [Measured(**one) for one in told["pages"]]
            found.append(render(Report(**told)))
    return "\n".join([head, *found])


if __name__ == "__main__":
    sys.exit(main())
