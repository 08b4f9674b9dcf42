"""The ``danbe`` command. Speaks French; English with ``--english`` or an English locale."""

import argparse
import base64
import getpass
import hashlib
import ipaddress
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ENGLISH = "--english" in sys.argv or (
    os.environ.get("DANBE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
).startswith("en")
# What argparse itself says.
FRENCH = {
    "usage: ": "utilisation : ",
    "options": "options",
    "positional arguments": "arguments",
    "show this help message and exit": "montre cette aide et s’arrête",
    "%(prog)s: error: %(message)s\n": "%(prog)s : erreur : %(message)s\n",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "choix inconnu : %(value)r (choix possibles : %(choices)s)"
    ),
    "expected one argument": "une valeur est attendue",
    "invalid %(type)s value: %(value)r": "valeur incorrecte (%(type)s attendu) : %(value)r",
}


def say(french: str, english: str) -> str:
    """The sentence in the language of the command."""
    return english if ENGLISH else french


def tell(line: str) -> None:
    """One line of progress, at once."""
    print(line, flush=True)


def set_up() -> None:
    """Load Django. Called by the commands that need an instance."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danbe.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise SystemExit(
            say(
                f"danbe : {error}. (Créer une instance : danbe init)",
                f"danbe: {error}.",
            )
        ) from None
    translation.activate("en" if ENGLISH else "fr")


# --- Starting -------------------------------------------------------------------------------


def migrate() -> None:
    """Bring the database to the present schema."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def prepare(stamp: Path) -> None:
    """Load the reference data and gather static files, unless this version did already."""
    from django.conf import settings

    from danbe.jobs import load

    sources = [p for p in (load.DATA, settings.SRC / "web" / "static") for p in p.rglob("*")]
    seen = hashlib.sha256()
    for path in sorted(p for p in sources if p.is_file()):
        seen.update(f"{path}{path.stat().st_size}{path.stat().st_mtime_ns}".encode())
    if stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    load.load_all(lambda line: tell(f"   {line}"))
    gather = [sys.executable, "-m", "danbe.config.cli", "gather"]
    subprocess.run(gather, check=True, env={**os.environ, "DANBE_GATHER": "1"})  # noqa: S603
    stamp.write_text(seen.hexdigest())


def gather(options: argparse.Namespace) -> int:
    """Gather, name by content and compress the static files (in a process of its own: the
    present one was set up before they existed)."""
    set_up()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    return 0


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(options: argparse.Namespace) -> int:
    """Serve the pages, and turn the clock of reminders beside."""
    set_up()
    from django.conf import settings

    if settings.DEMO and not is_loopback(options.host):
        raise SystemExit(
            say(
                "danbe : la démonstration ne s’ouvre que sur cette machine (127.0.0.1).",
                "danbe: the demonstration opens on this machine only (127.0.0.1).",
            )
        )
    migrate()
    prepare(settings.VAR / "loaded.stamp")
    return listen(options)


def listen(options: argparse.Namespace) -> int:
    """Serve an instance that is ready, in this process: what was loaded is not loaded again."""
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]  # it publishes no types
        def load_config(self) -> None:
            told = {
                "bind": f"{options.host}:{options.port}",
                "worker_class": "gthread",
                "workers": options.workers,
                "threads": 4,
                "loglevel": "warning",
                "worker_tmp_dir": "/dev/shm",  # noqa: S108  # a heartbeat, in memory
                "forwarded_allow_ips": "127.0.0.1",
                "preload_app": True,
                "when_ready": start_clock,
            }
            for name, value in told.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from danbe.config.wsgi import application

            connections.close_all()  # none may be shared by two processes
            return application

    Server().run()
    return 0


def start_clock(_server: object) -> None:
    """Reminders and mail, beside the server for as long as it lives."""
    clock = [sys.executable, "-m", "danbe.config.cli", "tick", "--every", "60"]
    subprocess.Popen([*clock, "--while", str(os.getpid())])  # noqa: S603  # ourselves


def own_folder(var: Path) -> None:
    """The demonstration enters no real instance unasked; its folder says what it is, so that
    the other commands (`danbe report`...) work in it."""
    file = var / "danbe.env"
    if not file.exists():
        file.write_text("DANBE_DEMO=1\n")
    elif not (os.environ.get("DANBE_DEMO") or "DANBE_DEMO=1" in file.read_text().splitlines()):
        raise SystemExit(
            say(
                f"danbe : {var} contient une instance réelle : la démonstration n’y entre pas. "
                "Donnez-lui un autre dossier (DANBE_VAR=…).",
                f"danbe: {var} holds a real instance: the demonstration does not enter it. "
                "Give it another folder (DANBE_VAR=…).",
            )
        )


def run_demo(options: argparse.Namespace) -> int:
    """Everything for the demonstration, a line a step, then serve on loopback."""
    os.environ["DANBE_ADDRESS"] = f"http://127.0.0.1:{options.port}"
    var = Path(os.environ.setdefault("DANBE_VAR", str(Path.cwd() / "var")))
    var.mkdir(parents=True, exist_ok=True)
    own_folder(var)
    os.environ["DANBE_DEMO"] = "1"
    set_up()
    from django.conf import settings

    from danbe.jobs import demo

    tell(say("1/4 Base de données", "1/4 Database"))
    migrate()
    tell(say("2/4 Données de référence du Mali", "2/4 Reference data of Mali"))
    prepare(settings.VAR / "loaded.stamp")
    tell(say("3/4 Démonstration fictive", "3/4 Fictitious demonstration"))
    demo.build(lambda line: tell(f"   {line}"))
    tell(say("4/4 Danbe répond à l’adresse :", "4/4 Danbe answers at:"))
    tell(f"\n   http://127.0.0.1:{options.port}\n")
    tell(say("Comptes de démonstration (fictifs) :", "Demonstration accounts (fictitious):"))
    for persona in demo.PERSONAS:
        tell(f"   {persona.email:38} {persona.post}, {persona.organisation}")
    word = demo.PASSWORD
    tell(say(f"Mot de passe de tous : {word}", f"Password of all: {word}"))
    options.host, options.workers = "127.0.0.1", 2
    return listen(options)


def init(options: argparse.Namespace) -> int:
    """Create a production instance: settings, keys, database, first administrator."""
    var = Path(options.directory).resolve()
    file = var / "danbe.env"
    if file.exists():
        raise SystemExit(
            say(
                f"danbe : {file} existe déjà (une instance, ou la démonstration) : rien n’a été "
                "changé. Un autre dossier se nomme ainsi : danbe init DOSSIER",
                f"danbe: {file} exists (an instance, or the demonstration): nothing was "
                "changed. Another folder is named like this: danbe init FOLDER",
            )
        )
    address = options.address or ask("Adresse publique (https://…)", "Public address (https://…)")
    name = options.admin_name or ask("Nom de l’administrateur", "Name of the administrator")
    email = options.admin_email or ask("Son adresse électronique", "Their e-mail address")
    if not address.startswith(("https://", "http://")):
        raise SystemExit(
            say(
                f"danbe : l’adresse publique commence par https:// ({address}).",
                f"danbe: the public address begins with https:// ({address}).",
            )
        )
    address = address.rstrip("/")
    var.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(environment(address, options.database_url))
    os.environ["DANBE_VAR"] = str(var)
    try:
        set_up()
        migrate()
        prepare(var / "loaded.stamp")
        code = first_administrator(name, email)
    except BaseException:
        file.unlink()  # nothing half-made: the same command may be run again
        raise
    tell(
        say(
            f"Instance prête dans {var}. Gardez une copie de {file} dans un coffre.\n"
            f"Invitation de l’administrateur (sept jours, une seule fois) :\n"
            f"   {address}/invitation/   code : {code}\n"
            f"Ensuite : DANBE_VAR={var} danbe serve",
            f"Instance ready in {var}. Keep a copy of {file} in a safe.\n"
            f"Invitation of the administrator (seven days, once):\n"
            f"   {address}/invitation/   code: {code}\n"
            f"Then: DANBE_VAR={var} danbe serve",
        )
    )
    return 0


def ask(french: str, english: str) -> str:
    """One question, on a terminal only."""
    if not sys.stdin.isatty():
        raise SystemExit(
            say(f"danbe : il manque « {french} » (voir --help).", f"danbe: missing «{english}».")
        )
    answer = input(f"{say(french, english)} : ").strip()
    return answer or ask(french, english)


def new_key() -> str:
    """32 random bytes, as settings hold a key."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def environment(address: str, database_url: str) -> str:
    """The settings of a new instance, with fresh keys."""

    lines = {
        "DANBE_ADDRESS": address.rstrip("/"),
        "DANBE_HOSTS": address.partition("//")[2].split("/")[0].split(":")[0],
        "DANBE_SECRET_KEY": secrets.token_urlsafe(48),
        "DANBE_MASTER_KEYS": f"{time.strftime('%Y')}:{new_key()}",
        "DANBE_BLIND_KEY": new_key(),
        "DANBE_AUDIT_KEY": new_key(),
    }
    if database_url:
        lines["DANBE_DATABASE_URL"] = database_url
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def first_administrator(name: str, email: str) -> str:
    """A post for the administrator of the coordinating body, and its invitation."""
    from django.db import transaction

    from danbe.accounts.actions import new_invitation
    from danbe.accounts.models import Organisation, Post
    from danbe.accounts.queries import body as configured
    from danbe.core import audit
    from danbe.core.access import ANONYMOUS, Role

    with transaction.atomic():
        body = Organisation.objects.get(code=configured().acronym)
        title = "Administration du système"
        post = Post.objects.create(organisation=body, role=Role.ADMINISTRATOR, title=title)
        audit.record(ANONYMOUS, "instance.init", post)
        return new_invitation(post, name=name, email=email)


# --- Keeping --------------------------------------------------------------------------------


def passphrase(confirm: bool) -> str:
    """From ``DANBE_BACKUP_PASSPHRASE`` or the terminal; at least twelve characters."""
    word = os.environ.get("DANBE_BACKUP_PASSPHRASE") or ""
    if not word and sys.stdin.isatty():
        word = getpass.getpass(say("Phrase de passe : ", "Passphrase: "))
        if confirm and getpass.getpass(say("Encore une fois : ", "Once more: ")) != word:
            raise SystemExit(say("Les deux phrases diffèrent.", "The two differ."))
    if len(word) < 12:
        raise SystemExit(
            say(
                "danbe : donnez une phrase de passe d’au moins 12 caractères "
                "(DANBE_BACKUP_PASSPHRASE ou terminal).",
                "danbe: give a passphrase of at least 12 characters "
                "(DANBE_BACKUP_PASSPHRASE or a terminal).",
            )
        )
    return word


def backup(options: argparse.Namespace) -> int:
    """Write the whole instance to one encrypted file."""
    word = passphrase(confirm=True)
    set_up()
    from danbe.jobs import backup as keeper

    manifest = keeper.backup(Path(options.file), word, tell)
    tell(f"{options.file}: {say('tête du journal', 'audit head')} {manifest.audit_head}")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Fill an empty instance from a backup, and verify it."""
    word = passphrase(confirm=False)
    var = Path(os.environ.get("DANBE_VAR") or "var").resolve()
    if not (var / "danbe.env").exists() and not os.environ.get("DANBE_DEMO"):
        # The keys come with the backup; settings need them before Django can start.
        os.environ.setdefault("DANBE_TESTING", "1")
        set_up()
        from danbe.jobs import backup as keeper

        has_keys = keeper.restore_keys(Path(options.file), word, var)
        os.environ.pop("DANBE_TESTING")
        code = subprocess.call(  # noqa: S603  # ourselves, now with keys
            [sys.executable, "-m", "danbe.config.cli", "restore", options.file],
            env={**os.environ, "DANBE_BACKUP_PASSPHRASE": word},
        )
        if code and has_keys:  # nothing half-restored
            (var / "danbe.env").unlink()
        return code
    set_up()
    migrate()
    from danbe.jobs import backup as keeper

    manifest = keeper.restore(Path(options.file), word, tell)
    tell(f"{say('Restauré ; tête du journal', 'Restored; audit head')} {manifest.audit_head}")
    return 0


def rotate_keys(options: argparse.Namespace) -> int:
    """A new master key, or every data key under the newest one."""
    if options.new:
        return add_master_key(Path(os.environ.get("DANBE_VAR") or "var").resolve() / "danbe.env")
    set_up()
    from danbe.jobs import rotation

    n = rotation.rewrap_all(tell)
    tell(
        say(
            f"{n} clés remises sous la clé maîtresse la plus récente. Les anciennes ne servent "
            "plus qu’aux sauvegardes faites avant : retirez-les de DANBE_MASTER_KEYS quand "
            "celles-ci ont expiré.",
            f"{n} keys put under the newest master key. The older ones serve only backups made "
            "before: take them out of DANBE_MASTER_KEYS once those have expired.",
        )
    )
    return 0


def add_master_key(file: Path) -> int:
    """Write a fresh master key before the others; what is sealed from now on is under it."""
    name = "DANBE_MASTER_KEYS="
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    held = next((line.removeprefix(name) for line in lines if line.startswith(name)), "")
    if not held:
        raise SystemExit(
            say(
                f"danbe : {file} ne contient pas DANBE_MASTER_KEYS. Si vos clés sont ailleurs, "
                "ajoutez la nouvelle en tête : quatre caractères, deux-points, 32 octets en "
                "base64, virgule.",
                f"danbe: {file} does not hold DANBE_MASTER_KEYS. If your keys are elsewhere, put "
                "the new one first: four characters, a colon, 32 bytes in base64, a comma.",
            )
        )
    taken = {pair.partition(":")[0] for pair in held.split(",")}
    key_id = time.strftime("%Y")
    while key_id in taken:
        key_id = secrets.token_hex(2)
    new = f"{name}{key_id}:{new_key()},{held}"
    draft = file.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text("".join(new if line.startswith(name) else line for line in lines))
    draft.replace(file)  # whole or not at all
    tell(
        say(
            f"Clé {key_id} ajoutée. Gardez une copie de {file} dans un coffre, redémarrez Danbe, "
            "puis : danbe rotate-keys",
            f"Key {key_id} added. Keep a copy of {file} in a safe, start Danbe again, then: "
            "danbe rotate-keys",
        )
    )
    return 0


def verify_audit(options: argparse.Namespace) -> int:
    """Walk the audit trail; 1 when something is wrong."""
    set_up()
    from danbe.core import audit

    try:
        heads = [audit.Head.parse(text) for text in options.head]
    except ValueError as error:
        raise SystemExit(
            say(f"danbe : pas une tête : {error}", f"danbe: not a head: {error}")
        ) from None
    seen = audit.verify(*heads)
    kinds = {
        "altered": say("modifié", "altered"),
        "missing": say("manquant avant", "missing before"),
        "reordered": say("autre que celui attesté", "not the one witnessed"),
        "cut": say("coupé : cet événement était attesté", "cut: this event was witnessed"),
        "head": say("la tête ne correspond pas", "the head does not match"),
    }
    for finding in seen.findings:
        tell(f"{finding.seq}: {kinds[finding.kind]}")
    verdict = say("intact", "sound") if seen.sound else say("ALTÉRÉ", "BROKEN")
    tell(f"{verdict}: {seen.n_events} {say('événements, tête', 'events, head')} {seen.head.code}")
    return 0 if seen.sound else 1


def verify_text(options: argparse.Namespace) -> int:
    """Compute the hash of every frozen text again; 1 when one is not what was adopted."""
    set_up()
    from danbe.plan.frozen import verify_all

    seen = verify_all()
    for one in seen:
        verdict = say("inchangé", "unchanged") if one.check.is_good else say("ALTÉRÉ", "ALTERED")
        tell(f"{one.plan}: {verdict} {one.check.computed}")
    unknown = set(options.hash) - {one.recorded for one in seen}
    for printed in sorted(unknown):
        tell(f"{printed}: {say('aucun texte figé n’a cette empreinte', 'no frozen text has it')}")
    tell(f"{len(seen)} {say('textes figés', 'frozen texts')}")
    return 0 if all(one.check.is_good for one in seen) and not unknown else 1


def tick(options: argparse.Namespace) -> int:
    """Reminders and mail; with ``--every``, again and again; with ``--while``, until the server
    of that number has ended, were it while this one was still loading."""
    set_up()
    from django.db import close_old_connections

    from danbe.jobs.reminders import tick as turn
    from danbe.web.errors import log_error

    parent = options.parent or os.getppid()
    while True:
        try:
            n_told, n_sent = turn()
            if not options.every:
                tell(f"{n_told} {say('rappels', 'reminders')}, {n_sent} {say('mails', 'mails')}")
        except Exception as error:  # one bad turn does not stop the clock
            if not options.every:
                raise
            log_error(error)
        close_old_connections()
        for _second in range(options.every):
            if os.getppid() != parent:
                return 0
            time.sleep(1)
        if not options.every:
            return 0


# --- Reports and imports --------------------------------------------------------------------


def report(options: argparse.Namespace) -> int:
    """Write a report, to a file or the standard output."""
    needed = "window" if options.kind == "tip" else "year"
    if getattr(options, needed) is None:
        options.refuse(say(f"il manque --{needed}", f"--{needed} is missing"))
    set_up()
    data = tip_dossier(options) if options.kind == "tip" else annual_report(options)
    if options.output:
        Path(options.output).write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def annual_report(options: argparse.Namespace) -> bytes:
    """The Committee's report of a year."""
    from django.utils import timezone

    from danbe.figures.actions import EARLIEST
    from danbe.reports.export import export

    first, last = EARLIEST.year, timezone.localdate().year
    if not first <= options.year <= last:
        raise SystemExit(
            say(
                f"danbe : une année de {first} à {last} est attendue, non {options.year}.",
                f"danbe: a year from {first} to {last} is expected, not {options.year}.",
            )
        )
    return export(options.year, options.format)


def tip_dossier(options: argparse.Namespace) -> bytes:
    """The dossier for the United States, of one period from 1 April to 31 March."""
    from danbe.core.errors import DomainError
    from danbe.reports.tip_export import export
    from danbekit.dates import Window
    from danbekit.errors import BadWindow

    told = options.window
    if told.endswith("-04-01..") and told[:4].isdecimal():  # the end goes without saying
        told += f"{int(told[:4]) + 1}-03-31"
    try:
        return export(Window.parse(told), options.format, options.language)
    except (BadWindow, DomainError) as error:
        if isinstance(error, DomainError) and not error.code.startswith("tip."):
            raise
        raise SystemExit(
            say(
                "danbe : une période du 1er avril au 31 mars est attendue "
                f"(--window 2023-04-01..2024-03-31), non « {options.window} ».",
                "danbe: a period from 1 April to 31 March is expected "
                f"(--window 2023-04-01..2024-03-31), not «{options.window}».",
            )
        ) from None


def import_(options: argparse.Namespace) -> int:
    """Import a file; all of it or nothing, with every bad cell named."""
    set_up()
    from danbe.exchange import files

    try:
        problems = files.import_file(options.what, Path(options.file), tell)
    except OSError as error:
        raise SystemExit(f"danbe: {options.file}: {error.strerror}") from None
    for line in problems:
        tell(line)
    return 1 if problems else 0


def report_options(made: argparse.ArgumentParser) -> None:
    """What `danbe report` is told."""
    made.set_defaults(refuse=made.error)
    made.add_argument("kind", choices=["annual", "tip"], help=say("quel rapport", "which report"))
    made.add_argument("--year", type=int, help=say("année (annual)", "year (annual)"))
    made.add_argument("--window", help=say("période (tip)", "period (tip)"))
    made.add_argument(
        "--language",
        choices=["fr", "en"],
        default="fr",
        help=say("langue (tip)", "language (tip)"),
    )
    made.add_argument(
        "--format",
        choices=["json", "pdf", "xlsx", "docx"],
        default="json",
        help=say(
            "annual : json, pdf, xlsx ; tip : json, pdf, docx",
            "annual: json, pdf, xlsx; tip: json, pdf, docx",
        ),
    )
    made.add_argument("--output", help=say("fichier", "file"))


def parser() -> argparse.ArgumentParser:
    """All commands, each with its help."""
    top = argparse.ArgumentParser(
        prog="danbe",
        description=say(
            "Danbe : lutter contre la traite des personnes, des déclarations au rapport annuel.",
            "Danbe: fighting trafficking in persons, from returns to the annual report.",
        ),
    )
    top.add_argument("--english", action="store_true", help="speak English / parler anglais")
    commands = top.add_subparsers(metavar=say("COMMANDE", "COMMAND"), required=True)

    def command(
        name: str, function: Callable[[argparse.Namespace], int], fr: str, en: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=say(fr, en), description=say(fr, en))
        made.set_defaults(run=function)
        return made

    made = command("init", init, "créer une instance", "create an instance")
    made.add_argument("directory", nargs="?", default="var", help=say("dossier", "folder"))
    made.add_argument("--address", help="https://…")
    made.add_argument("--admin-name", help=say("premier administrateur", "first administrator"))
    made.add_argument("--admin-email", help=say("son adresse", "their address"))
    made.add_argument("--database-url", default="", help="postgres://…")
    made = command("serve", serve, "servir les pages", "serve the pages")
    made.add_argument("--host", default="127.0.0.1", help=say("adresse d’écoute", "listen on"))
    made.add_argument("--port", type=int, default=8000, help=say("port", "port"))
    made.add_argument("--workers", type=int, default=2, help=say("processus", "processes"))
    made = command("run-demo", run_demo, "démonstration fictive", "fictitious demonstration")
    made.add_argument("--port", type=int, default=8000, help=say("port", "port"))
    made = command("backup", backup, "sauvegarder, chiffré", "back up, encrypted")
    made.add_argument("file", metavar=say("FICHIER", "FILE"))
    made = command("restore", restore, "restaurer et vérifier", "restore and verify")
    made.add_argument("file", metavar=say("FICHIER", "FILE"))
    made = command("rotate-keys", rotate_keys, "changer de clé maîtresse", "change the master key")
    made.add_argument(
        "--new",
        action="store_true",
        help=say("d’abord : écrire une nouvelle clé", "first: write a new key"),
    )
    made = command("verify-audit", verify_audit, "vérifier le journal", "verify the audit trail")
    made.add_argument(
        "--head",
        action="append",
        default=[],
        help=say("tête attestée (numéro:empreinte)", "witnessed head (number:hash)"),
    )
    made = command("verify-text", verify_text, "vérifier les textes signés", "verify signed texts")
    made.add_argument(
        "--hash",
        action="append",
        default=[],
        help=say("empreinte imprimée sur la liste signée", "hash printed on the signed list"),
    )
    made = command("tick", tick, "rappels et courriers", "reminders and mail")
    made.add_argument("--every", type=int, default=0, help=say("secondes", "seconds"))
    made.add_argument("--while", dest="parent", type=int, default=0, help=say("serveur", "server"))
    command("gather", gather, "rassembler les fichiers statiques", "gather static files")
    report_options(command("report", report, "écrire un rapport", "write a report"))
    made = command("import", import_, "importer un fichier", "import a file")
    made.add_argument("what", choices=["return", "organisations", "boundaries"])
    made.add_argument("file", metavar=say("FICHIER", "FILE"))
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. A refusal is one sentence; a trace is never shown."""
    if not ENGLISH:
        # argparse has no other way to speak: it looks its own words up in ``_``.
        argparse._ = lambda text: FRENCH.get(text, text)  # type: ignore[attr-defined]
    os.umask(0o077)  # what an instance writes is its owner's alone
    given = [a for a in (sys.argv[1:] if arguments is None else arguments) if a != "--english"]
    options = parser().parse_args(given)
    try:
        code: int = options.run(options)
    except BrokenPipeError:
        return 0
    except OSError as error:
        print(f"danbe: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except Exception as error:
        from danbe.core.errors import DomainError

        if not isinstance(error, DomainError):
            raise
        print(json.dumps({"error": error.code}), file=sys.stderr)
        print(f"danbe: {error}", file=sys.stderr)
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())
