"""Fifty distinctive strings go in through the pages; none is found in what a thief could take.

The thief takes the database past Danbe, every file of the instance but its keys, the log, and a
backup. He looks for each string as it is, and as files and databases write bytes.
"""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.server import Answer, Instance, Server, Visitor, copy_of

pytestmark = pytest.mark.slow

N_FILES, N_INVITED, N_GUESSES = 12, 8, 10
WORD = "phrase de passe du canari"
NOT_SECRET = "cette phrase des difficultes sera imprimee dans le rapport"
OPEN = """
from danbe.accounts.models import Organisation, Post
from danbe.figures.actions import open_return
from danbekit.dates import Window
fanta = Post.objects.select_related("organisation").get(organisation__code="MPFEF")
print(open_return(
    fanta.actor, fanta.organisation, window=Window.calendar_year(2011), axes=["protection"]
).pk)
for n in range(8):
    print(Post.objects.create(organisation=fanta.organisation, role="analyst", title=f"Z{n}").pk)
"""


def canary(kind: str) -> str:
    """A word that nothing else holds."""
    return f"canari-{kind}-{secrets.token_hex(9)}"


def shapes(text: str) -> list[bytes]:
    """How bytes may be written: as they are, wide, in hexadecimal, in base 64 at any offset."""
    plain = text.encode()
    wide = text.encode("utf-16-le")
    in_base_64 = [base64.b64encode(b"x" * n + plain)[(8 * n + 5) // 6 : -4] for n in range(3)]
    return [plain, wide, plain.hex().encode(), *in_base_64]


@dataclass
class Planted:
    """What was typed, by kind."""

    names: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        kinds = (self.names, self.contents, self.passwords, self.codes, self.cookies, self.secrets)
        return [text for kind in kinds for text in kind]


def join_files(server: Server, pk: str, planted: Planted) -> None:
    """Fanta joins files to her return, and writes a text that is meant for print."""
    fanta = Visitor(server.address)
    fanta.sign_in("fanta")
    for _n in range(N_FILES):
        name, content = canary("nom"), canary("contenu")
        planted.names.append(name)
        planted.contents.append(content)
        data = f"Fichier fictif : {content}\n".encode()
        page = fanta.post(f"/returns/{pk}/files/", files={"file": (f"{name}.txt", data)})
        assert "/open/" in page.text
    page = fanta.get(f"/returns/{pk}/text/")
    fanta.send(page, page.form("difficulties"), difficulties=NOT_SECRET)
    opened = fanta.send(page, fanta.get(f"/returns/{pk}/").form(action="/open/"))
    assert planted.contents[0].encode() in opened.body
    assert planted.names[0] in opened.headers["Content-Disposition"]
    planted.cookies += [fanta.cookie("sessionid"), fanta.cookie("csrftoken")]


def invite(server: Server, posts: list[str], planted: Planted) -> None:
    """Jeneba invites people, who take their posts with passwords of their own."""
    jeneba = Visitor(server.address)
    jeneba.sign_in("jeneba")
    for n, post in enumerate(posts[:N_INVITED]):
        told = {"name": f"Personne {n} (fictive)", "email": f"p{n}@demonstration.example"}
        code = code_on(jeneba.post(f"/posts/{post}/invite/", told))
        password = canary("mot de passe")
        planted.codes.append(code)
        planted.passwords.append(password)
        person = Visitor(server.address)
        person.get("/invitation/")
        typed = {"code": code, "password": password, "again": password}
        assert person.post("/invitation/", typed).path == "/"
        planted.cookies.append(person.cookie("sessionid"))
    planted.cookies.append(jeneba.cookie("sessionid"))


def code_on(page: Answer) -> str:
    """The code that is shown once."""
    _before, _mark, rest = page.text.partition('aria-labelledby="code-label">')
    code = rest.partition("<")[0]
    assert len(code) >= 20, page.text
    return code


def guess(server: Server, planted: Planted) -> None:
    """Wrong passwords, of people known and unknown; wrong codes."""
    thief = Visitor(server.address)
    thief.get("/account/login/")
    for n in range(N_GUESSES):
        password, code = canary("essai"), canary("code")
        planted.passwords.append(password)
        planted.codes.append(code)
        login = "fanta@demonstration.example" if n % 2 else f"personne{n}@exemple.ml"
        thief.post("/account/login/", {"login": login, "password": password})
        thief.post("/invitation/", {"code": code})


def set_up_second_factor(server: Server, planted: Planted) -> None:
    """Kadidia reads the secret of her telephone and her recovery codes."""
    from tests.accounts.test_doors import code_of

    kadidia = Visitor(server.address)
    kadidia.sign_in("kadidia")
    page = kadidia.get("/account/2fa/totp/activate/")
    secret = page.text.partition('class="secret"')[2].partition(">")[2].partition("<")[0]
    assert len(secret) >= 16, page.text
    kadidia.send(page, page.form("code"), code=code_of(secret))
    shown = kadidia.post("/account/2fa/recovery-codes/")
    codes = [part.partition("<")[0] for part in shown.text.split("<li>") if part[:8].isalnum()]
    assert len(codes) == 10, shown.text
    planted.secrets += [secret, *codes]


def everything(instance: Instance) -> Iterator[tuple[str, bytes]]:
    """What the thief takes: every file but the keys, and the whole database."""
    for path in instance.var.parent.rglob("*"):
        kept = path.name == "danbe.env" or instance.var / "static" in path.parents
        if path.is_file() and not kept:
            yield str(path.relative_to(instance.var.parent)), path.read_bytes()
            yield f"name of {path.name}", path.name.encode()
    if instance.database_url:
        with instance.database() as connection:
            assert isinstance(connection, psycopg.Connection)
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            for (table,) in tables:
                rows = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
                text = "\n".join(row[0] for row in connection.execute(rows).fetchall())
                yield f"table {table}", text.encode()


def found(instance: Instance, texts: list[str]) -> list[str]:
    """Where each text was found."""
    taken = list(everything(instance))
    return [
        f"{text} in {where}"
        for text in texts
        for where, data in taken
        if any(shape in data for shape in shapes(text))
    ]


@pytest.fixture
def own(kept: Instance, tmp_path: Path) -> Iterator[Instance]:
    with copy_of(kept, tmp_path / "canaries") as made:
        yield made


def test_nothing_that_was_sealed_hashed_or_shown_once_is_found_by_a_thief(own: Instance):
    pk, *posts = own.python(OPEN).split()
    planted = Planted()
    with own.run_demo() as server:
        join_files(server, pk, planted)
        invite(server, posts, planted)
        guess(server, planted)
        set_up_second_factor(server, planted)
        while_served = found(own, planted.all)
    said = own.danbe("backup", own.var.parent / "stolen.backup", DANBE_BACKUP_PASSPHRASE=WORD)
    assert said.code == 0, said.err
    own.danbe("tick")
    assert len(planted.names + planted.contents + planted.passwords + planted.codes) >= 50
    assert while_served == []
    assert found(own, [*planted.all, WORD]) == []
    # the search itself finds what is not meant to be hidden
    assert found(own, [NOT_SECRET])
