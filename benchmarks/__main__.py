"""`python -m benchmarks`: the pages over a nation's worth of returns, beside the raw SQL floor.

One database a run: PostgreSQL where DANBE_DATABASE_URL says so, SQLite otherwise. The SQLite one
is generated once and kept in var/bench. Results of both are put together in results/latest.md.
"""

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path

from benchmarks.measuring import LIMIT_MS, ROOT, Page, describe, keep, measure, set_up

VAR = ROOT / "var" / "bench"
YEAR = 2023
DEFINITION = "victims_identified"
# Chapters of the annual report; the floor of each is the whole report.
CHAPTERS = {
    "essential": "essential",
    "completeness": "completeness",
    "protection": "an axis",
    "protection&page=2": "figures of an axis",
    "history": "history",
    "difficulties": "difficulties",
    "definitions": "definitions",
    "gaps": "gaps",
    "sources": "sources",
}
HEAD = (
    "# Pages over 300 members and 15 years\n\n"
    "Written by `make bench`. Each page is asked through the whole of Danbe (sign-in, rights, "
    "drawing, compression) by the secretariat, in one process, and so many times in turn with "
    "its raw SQL floor: the same aggregates written by hand. Two cores are shared with other "
    f"work: ratios mean more than seconds. A median of {LIMIT_MS} ms is the limit.\n"
)


def main() -> int:
    """Generate once, time every page, write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--observations", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=21, help="timed views of each page")
    parser.add_argument("--again", action="store_true", help="generate the data again")
    options = parser.parse_args()
    set_up(VAR)
    said = prepare(options.observations, again=options.again)
    load_before = os.getloadavg()[0]
    measured = [measure(page, options.runs) for page in pages()]
    keep(describe(said, load_before, measured), VAR, HEAD, "latest.md")
    slow = [m.name for m in measured if m.median_ms >= LIMIT_MS]
    print(f"!!! over {LIMIT_MS} ms: {', '.join(slow)}" if slow else f"all under {LIMIT_MS} ms")
    return 1 if slow else 0


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
    draft, whole = f"/reports/{YEAR}/draft/", floor.report(YEAR)
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
        *(
            Page(f"Annual report, {name}, after a change", f"{draft}?part={part}", whole, forget)
            for part, name in CHAPTERS.items()
        ),
        Page("Annual report, draft, read again", draft, whole),
    ]


def forget() -> None:
    """A draft is built once for each state of the audit trail: any act makes it built again."""
    from danbe.reports import export, queries

    for module in (export, queries):
        for function in vars(module).values():
            if callable(getattr(function, "cache_clear", None)):
                function.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
