"""What stands around the code: requirements, catalogues, the temporary PostgreSQL."""

import gettext
import hashlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from tools import check_requirements, messages, with_postgres

ROOT = Path(__file__).resolve().parent.parent


def make_project(folder: Path, *, python: str = "", template: str = "", french: str = "") -> Path:
    """A source tree with one module, one template and one catalogue; the catalogue."""
    source = folder / "src" / "danbe"
    catalogue = source / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    (source / "page.py").write_text(python, encoding="utf-8")
    (source / "page.html").write_text(template, encoding="utf-8")
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    plural = '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
    catalogue.write_text(header + plural + french, encoding="utf-8")
    return catalogue


def check(folder: Path, catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many messages of that tree the catalogue lacks."""
    monkeypatch.setattr(messages, "ROOT", folder)
    monkeypatch.setattr(messages, "SOURCE", folder / "src" / "danbe")
    return messages.check(catalogue, messages.source_catalogue())


def test_requirements_are_pinned_hashed_and_name_no_address() -> None:
    found = [p for name, parts in check_requirements.COMPILED.items()
             for p in check_requirements.problems_of(name, parts)]  # fmt: skip

    assert found == []


@pytest.mark.parametrize(
    "line",
    ["django", "django>=5.2", "--index-url https://packages.example/simple", "# via django"],
)
def test_a_line_that_is_no_pin_is_refused(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_requirements, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text(line + "\n")

    assert len(check_requirements.problems_of("requirements.txt", [])) == 1


def test_what_is_installed_is_what_is_pinned() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pinned = dict(line.removesuffix(" \\").split("==") for line in lines if "==" in line)

    installed = {name: importlib.metadata.version(name) for name in pinned}

    assert installed == pinned


def test_spreadsheets_are_read_by_a_parser_that_refuses_entity_bombs() -> None:
    assert openpyxl.DEFUSEDXML


def test_vendored_files_are_those_whose_digest_is_written_beside_them() -> None:
    folder = ROOT / "tests" / "vendor"
    written = re.findall(
        r"\| (\S+\.js) \|.*\| ([0-9a-f]{64}) \|", (folder / "README.md").read_text()
    )

    assert [name for name, _digest in written] == [p.name for p in sorted(folder.glob("*.js"))]
    for name, digest in written:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


TRANSLATED = 'msgid "Returns of %(body)s"\nmsgstr "Déclarations de %(body)s"\n'


def test_a_translated_message_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = make_project(tmp_path, python='_("Returns of %(body)s")', french=TRANSLATED)

    assert check(tmp_path, catalogue, monkeypatch) == 0


@pytest.mark.parametrize(
    ("french", "reason"),
    [
        ("", "absent"),
        ('msgid "Returns of %(body)s"\nmsgstr ""\n', "not translated"),
        ("#, fuzzy\n" + TRANSLATED, "fuzzy"),
        (TRANSLATED.replace("de %(body)s", "de %(corps)s"), "placeholders"),
    ],
)
def test_a_message_without_sure_french_is_named_with_its_place(
    french: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    catalogue = make_project(tmp_path, python='\n_("Returns of %(body)s")', french=french)

    assert check(tmp_path, catalogue, monkeypatch) == 1
    said = capsys.readouterr().out.splitlines()[0]
    assert said.startswith("src/danbe/page.py:2: 'Returns of %(body)s'")
    assert reason in said


def test_messages_of_templates_are_found_also_in_plurals(tmp_path: Path) -> None:
    template = (
        "<p>L'eau {% translate \"It's here\" %}\n  {{ _('Var') }}\n"
        "{% blocktranslate trimmed count n=x %}\n one row\n{% plural %}\n {{ n }} rows\n"
        "{% endblocktranslate %}"
    )
    make_project(tmp_path, template=template)

    found = [m for _line, m, _context in messages.messages_of(tmp_path / "src/danbe/page.html")]

    assert found == ["It's here", "Var", ("one row", "%(n)s rows")]


def test_a_compiled_catalogue_speaks_french(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = make_project(tmp_path, french='msgid "Help"\nmsgstr "Aide"\n')
    messages.compile_catalogue(catalogue)

    with catalogue.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Help") == "Aide"


def run_beside_postgres(*command: str, environment: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and output of a command run by the script."""
    script = [sys.executable, str(ROOT / "tools" / "with_postgres.py"), *command]
    done = subprocess.run(script, capture_output=True, text=True, env=dict(environment))
    return done.returncode, done.stdout


def test_a_temporary_postgresql_gives_the_code_of_its_command_and_leaves_nothing() -> None:
    if with_postgres.find_programs() is None:
        pytest.skip("PostgreSQL is not installed here")
    question = (
        "import os, sys, psycopg;"
        "c = psycopg.connect(os.environ['DANBE_DATABASE_URL']);"
        "print(c.execute('show fsync').fetchone()[0]); sys.exit(3)"
    )
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is closed to other users
        Path(folder).chmod(0o755)
        environment = {**os.environ, "TMPDIR": folder}

        code, said = run_beside_postgres(sys.executable, "-c", question, environment=environment)

        assert (code, said) == (3, "off\n")
        assert list(Path(folder).iterdir()) == []


def test_without_postgresql_the_script_says_so_and_has_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(with_postgres, "find_programs", lambda: None)
    monkeypatch.setattr(sys, "argv", ["with_postgres.py", "true"])

    assert with_postgres.main() == with_postgres.SKIPPED
    assert "no PostgreSQL" in capsys.readouterr().out
