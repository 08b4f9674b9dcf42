"""Run a command beside a temporary PostgreSQL: `python tools/with_postgres.py [--durable] CMD...`.

The cluster lives in a temporary folder, listens on a socket in it and on a free loopback port,
and is stopped and removed whatever happens. The command finds it in DANBE_DATABASE_URL.
Without --durable nothing is flushed to disk: right for tests, wrong for measures.
Exit code: the command's own; SKIPPED (77) where no PostgreSQL 15 or later is installed.
"""

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

SKIPPED = 77  # the exit code by which automake's test drivers know a skipped test
OLDEST_VERSION = 15
UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl of the newest PostgreSQL installed, 15 or later."""
    folders = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).parent)
    versions = {folder: _version(folder) for folder in folders if (folder / "pg_ctl").exists()}
    usable = [folder for folder, version in versions.items() if version >= OLDEST_VERSION]
    return max(usable, key=lambda folder: versions[folder], default=None)


def _version(folder: Path) -> int:
    """The major version that `initdb --version` prints, e.g. 15 of «initdb (PostgreSQL) 15.18»."""
    printed = subprocess.run(
        [folder / "initdb", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(printed.split(")")[1].split(".")[0])


class Cluster:
    """One PostgreSQL cluster, alive between `start` and `remove`."""

    def __init__(self, programs: Path, *, durable: bool) -> None:
        self.programs = programs
        self.options = {} if durable else UNSAFE_AND_FAST
        self.folder = Path(tempfile.mkdtemp(prefix="danbe-postgres-"))
        self.data = self.folder / "data"
        self.password = secrets.token_hex(16)
        self.port = _free_port()
        self.owner: str | None = None
        if os.getuid() == 0:  # PostgreSQL refuses root
            self.owner = "postgres"
            user = pwd.getpwnam(self.owner)
            os.chown(self.folder, user.pw_uid, user.pw_gid)

    @property
    def url(self) -> str:
        """What DANBE_DATABASE_URL is to be."""
        return f"postgres://danbe:{self.password}@127.0.0.1:{self.port}/danbe"

    def start(self) -> None:
        """Make the cluster and its empty database, and wait until it answers."""
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        password_file.chmod(0o644)  # the folder itself is closed to others
        self._run("initdb", "--pgdata", self.data, "--username=danbe", "--auth=scram-sha-256",
                  f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        settings = self.options | {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
        }
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.writelines(lines)
        log = self.folder / "log"
        self._run("pg_ctl", "--pgdata", self.data, "--log", log, "--wait", "start")
        self._run("createdb", "--host", self.folder, "--port", str(self.port),
                  "--username=danbe", "danbe")  # fmt: skip

    def remove(self) -> None:
        """Stop the server if it runs, and leave nothing behind."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "--pgdata", self.data, "--mode=immediate", "--wait", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            check=True,
            cwd=self.folder,
            user=self.owner,
            group=self.owner,
            extra_groups=None if self.owner is None else [],
            env={"PATH": "/usr/bin:/bin", "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _stop(signum: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signum)  # unwinds through `finally`, so the cluster goes


def main() -> int:
    """Start a cluster, run the command, remove the cluster."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--durable", action="store_true", help="flush to disk as in production")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if not arguments.command:
        parser.error("no command to run")
    programs = find_programs()
    if programs is None:
        print(f"!!! no PostgreSQL {OLDEST_VERSION} or later is installed (Debian: postgresql)")
        return SKIPPED
    signal.signal(signal.SIGTERM, _stop)
    cluster = Cluster(programs, durable=arguments.durable)
    try:
        cluster.start()
        environment = os.environ | {"DANBE_DATABASE_URL": cluster.url}
        return subprocess.run(arguments.command, env=environment).returncode
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        cluster.remove()


if __name__ == "__main__":
    sys.exit(main())
