"""The `danbe` command: it speaks both languages, and a refusal is one sentence, never a trace."""

import argparse
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from danbe.config import cli
from tests.server import Instance, Said, Visitor, copy_of, empty_instance, free_port


def commands() -> dict[str, argparse.ArgumentParser]:
    action = next(
        a
        for a in cli.parser()._actions
        if isinstance(a, argparse._SubParsersAction)  # argparse has no public way to ask
    )
    return dict(action.choices)


@pytest.fixture
def nowhere(tmp_path: Path) -> Instance:
    """A folder without instance."""
    return Instance(tmp_path / "var")


def one_sentence(said: Said) -> str:
    """The refusal, after having made sure that it is nothing but one."""
    assert said.code != 0, said.out
    assert "Traceback" not in said.out + said.err, said.err
    told = [line for line in said.err.splitlines() if not line.startswith(("{", "utilisation"))]
    assert len(told) == 1, said.err
    return told[0]


# --- Help -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *commands()])
def test_the_help_of_a_command_is_french_and_in_english_on_demand(name: str, nowhere: Instance):
    words = [name] if name else []
    french, english = nowhere.danbe(*words, "--help"), nowhere.danbe("--english", *words, "--help")
    assert (french.code, english.code) == (0, 0)
    assert french.out.startswith("utilisation : danbe")
    assert english.out.startswith("usage: danbe")
    assert "show this help" not in french.out
    assert "montre cette aide" not in english.out
    assert french.out.splitlines()[2:] != english.out.splitlines()[2:]
    assert not nowhere.var.exists()  # asking for help makes nothing


def test_the_help_lists_every_command_with_a_word_in_each_language(nowhere: Instance):
    for language in ([], ["--english"]):
        listed = nowhere.danbe(*language, "--help").out
        for name in commands():
            told = re.search(rf"\n    {name}( +|\n {{16}})\S", listed)
            assert told, f"{name} is not listed and explained"


def test_every_option_is_explained():
    for name, command in commands().items():
        for action in command._actions:
            if action.option_strings:
                assert action.help, f"{name} {action.option_strings} says nothing"


def test_english_is_also_chosen_by_the_locale(nowhere: Instance):
    assert nowhere.danbe("--help", LC_ALL="en_GB.UTF-8").out.startswith("usage:")
    assert nowhere.danbe("--help", LC_ALL="fr_ML.UTF-8").out.startswith("utilisation :")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "il manque"),
        (["nada"], "choix inconnu"),
        (["report", "annual"], "--year"),
        (["report", "tip"], "--window"),
        (["report", "annual", "--year", "bientôt"], "valeur incorrecte"),
        (["report", "annual", "--year", "2024", "--format", "doc"], "choix inconnu"),
        (["backup"], "il manque"),
        (["backup", "a", "b"], "arguments inconnus"),
    ],
)
def test_a_mistyped_command_is_told_in_french_what_is_wrong(
    words: list[str], told: str, nowhere: Instance
):
    said = nowhere.danbe(*words)
    assert said.code == 2
    assert told in said.err
    assert "Traceback" not in said.err


# --- Without an instance --------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["verify-audit"],
        ["verify-text"],
        ["tick"],
        ["rotate-keys"],
        ["serve"],
        ["report", "annual", "--year", "2024"],
        ["import", "organisations", "x.csv"],
    ],
)
def test_where_there_is_no_instance_a_command_says_how_to_make_one(
    words: list[str], nowhere: Instance
):
    assert "danbe init" in one_sentence(nowhere.danbe(*words))


# --- A production instance ------------------------------------------------------------------

ANSWERS = ("--admin-name", "Jeneba (fictive)", "--admin-email", "jeneba@exemple.ml")
ADDRESS = ("--address", "https://danbe.exemple.ml")


def test_jeneba_makes_an_instance_once_and_only_once(tmp_path: Path):
    with empty_instance(tmp_path / "new") as new:
        words = ("init", new.var, *ADDRESS, *ANSWERS, "--database-url", new.database_url)
        said = new.danbe(*words)
        assert said.code == 0, said.err
        file = new.var / "danbe.env"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        settings = file.read_text()
        assert "DANBE_MASTER_KEYS=" in settings
        assert "https://danbe.exemple.ml/invitation/" in said.out
        # the code is never in an address: addresses are logged on their way
        assert "?code=" not in said.out
        assert new.rows("SELECT count(*) FROM accounts_user") == [(0,)]
        assert new.rows("SELECT count(*) FROM accounts_invitation") == [(1,)]

        again = one_sentence(new.danbe(*words))
        assert "existe déjà" in again
        assert file.read_text() == settings
        assert new.rows("SELECT count(*) FROM accounts_invitation") == [(1,)]
        assert new.danbe("verify-audit").code == 0

        added = new.danbe("rotate-keys", "--new")
        assert added.code == 0, added.err
        assert "danbe rotate-keys" in added.out
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        # nothing else of the settings moved, and the old key is still there after the new one
        assert re.sub("(DANBE_MASTER_KEYS=)[^,]*,", r"\1", file.read_text()) == settings
        moved = new.danbe("rotate-keys")
        assert moved.code == 0, moved.err
        assert "protection.DataKey: 0" in moved.out
        assert new.danbe("verify-audit").code == 0


def test_jeneba_cannot_add_a_key_to_settings_that_are_kept_elsewhere(nowhere: Instance):
    said = one_sentence(nowhere.danbe("rotate-keys", "--new"))
    assert "DANBE_MASTER_KEYS" in said


def test_jeneba_enters_her_new_instance_and_must_set_up_a_second_factor(tmp_path: Path):
    port = free_port()
    with empty_instance(tmp_path / "new") as new:
        said = new.danbe(
            *("init", new.var, "--address", f"http://127.0.0.1:{port}", *ANSWERS),
            *("--database-url", new.database_url),
        )
        assert said.code == 0, said.err
        code = next(line for line in said.out.splitlines() if "/invitation/" in line).split()[-1]
        with new.run_demo(command="serve", port=port) as server:
            jeneba = Visitor(server.address)
            assert "persona" not in jeneba.get("/account/login/").text
            assert jeneba.post("/demonstration/", {"persona": "jeneba"}).status == 404
            jeneba.get("/invitation/")
            word = "sept greniers de fonio"
            answer = jeneba.post("/invitation/", {"code": code, "password": word, "again": word})
            assert answer.path.startswith("/account/"), answer.path
            assert jeneba.get("/posts/").path.startswith("/account/")
            again = Visitor(server.address)
            again.get("/invitation/")
            used = again.post("/invitation/", {"code": code, "password": word, "again": word})
            assert used.path == "/invitation/"
            assert again.get("/").path == "/account/login/"


def test_two_instances_share_no_key(nowhere: Instance):
    first, second = (cli.environment("https://danbe.exemple.ml", "") for _time in range(2))
    keys = [{line for line in text.splitlines() if "KEY" in line} for text in (first, second)]
    assert len(keys[0]) == 4
    assert not keys[0] & keys[1]


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (ANSWERS, "Adresse publique"),
        ((*ADDRESS, *ANSWERS[2:]), "Nom de l’administrateur"),
        ((*ADDRESS, *ANSWERS[:2]), "adresse électronique"),
    ],
)
def test_without_a_terminal_a_missing_answer_is_named_and_nothing_is_made(
    given: tuple[str, ...], missing: str, nowhere: Instance
):
    assert missing in one_sentence(nowhere.danbe("init", nowhere.var, *given))
    assert not nowhere.var.exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--address", "danbe.exemple.ml"), ("--admin-email", "pas une adresse")],
)
def test_a_wrong_answer_is_refused_and_nothing_is_half_made(
    option: str, value: str, nowhere: Instance
):
    told = dict(zip((*ADDRESS, *ANSWERS)[::2], (*ADDRESS, *ANSWERS)[1::2], strict=True))
    told[option] = value
    words = [word for pair in told.items() for word in pair]
    one_sentence(nowhere.danbe("init", nowhere.var, *words))
    assert not (nowhere.var / "danbe.env").exists()


# --- Reports and imports --------------------------------------------------------------------


@pytest.mark.parametrize("year", ["1999", "2999", "0", "-5"])
def test_a_year_that_danbe_cannot_know_is_refused(year: str, instance: Instance):
    said = instance.danbe("report", "annual", f"--year={year}")
    assert said.out == ""
    assert one_sentence(said).startswith("danbe")


@pytest.mark.parametrize(
    "window", ["2023", "2023-04-01..2024-03-30", "1823-04-01..1824-03-31", "nada", "abcd-04-01.."]
)
def test_a_period_that_no_dossier_has_is_refused(window: str, instance: Instance):
    said = instance.danbe("report", "tip", f"--window={window}")
    assert said.out == ""
    assert "1er avril" in one_sentence(said)


def test_the_dossier_of_2023_2024_comes_out_in_each_format_and_language(
    instance: Instance, tmp_path: Path
):
    told = instance.danbe("report", "tip", "--window=2023-04-01..", "--language=en").out
    assert json.loads(told)["window"] == "2023-04-01..2024-03-31"
    for kind, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
        file = tmp_path / f"dossier.{kind}"
        words = ("report", "tip", "--window=2023-04-01..2024-03-31", f"--format={kind}")
        assert instance.danbe(*words, "--output", file).code == 0
        assert file.read_bytes().startswith(start)


def test_the_report_of_2024_comes_out_in_each_format(instance: Instance, tmp_path: Path):
    told = json.loads(instance.danbe("report", "annual", "--year", "2024").out)
    assert '"value": 629' in json.dumps(told)
    for kind, start in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        file = tmp_path / f"report.{kind}"
        words = ("report", "annual", "--year=2024", f"--format={kind}", "--output", file)
        assert instance.danbe(*words).code == 0
        assert file.read_bytes().startswith(start)


def test_what_cannot_be_read_is_refused_by_name(instance: Instance, tmp_path: Path):
    for what in ("return", "organisations", "boundaries"):
        absent = tmp_path / f"absent-{what}"
        assert str(absent) in one_sentence(instance.danbe("import", what, absent))
        garbage = tmp_path / f"garbage-{what}"
        garbage.write_bytes(b"\x00\xffnot a table")
        said = instance.danbe("import", what, garbage)
        assert said.code in (1, 2)
        assert "Traceback" not in said.out + said.err


def test_a_head_that_is_not_one_is_refused(instance: Instance):
    one_sentence(instance.danbe("verify-audit", "--head", "n’importe quoi"))


# --- The demonstration ----------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "danbe.exemple.ml", ""])
def test_the_demonstration_refuses_every_address_but_loopback(host: str, nowhere: Instance):
    nowhere.var.mkdir()
    said = nowhere.danbe("serve", f"--host={host}", DANBE_DEMO="1")
    assert "127.0.0.1" in one_sentence(said)
    assert not cli.is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_loopback_is_known_in_all_its_forms(host: str):
    assert cli.is_loopback(host)


def test_the_demonstration_enters_no_real_instance_and_its_own_folder_serves_every_command(
    demonstration: Instance, tmp_path: Path
):
    with copy_of(demonstration, tmp_path / "real") as real:
        before = real.rows("SELECT count(*) FROM core_auditevent")
        said = one_sentence(real.danbe("run-demo", "--port", str(free_port())))
        assert str(real.var) in said
        assert real.rows("SELECT count(*) FROM core_auditevent") == before
        (real.var / "danbe.env").write_text("DANBE_DEMO=1\n")
        told = real.danbe("report", "annual", "--year", "2024", "--format", "json")
        assert json.loads(told.out)["window"] == "2024", told.err


def test_a_second_start_finds_everything_done(
    demonstration: Instance,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
):
    with copy_of(demonstration, tmp_path / "again") as again:
        people = again.rows("SELECT count(*), max(id) FROM accounts_user")
        with again.run_demo() as server:
            record_property("second_start_seconds", round(server.ready_after, 1))
            assert f"   {server.address}\n" in server.log
        assert again.rows("SELECT count(*), max(id) FROM accounts_user") == people
