"""The few rules no linter knows. A new exception is a new line here, with its reason."""

import ast
import importlib
import inspect
import re
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path
from pytest_django.fixtures import Settings

from danbe.core.access import ROLES, Actor, Reach, Role, ScopedModel
from danbe.core.models import Setting
from danbe.core.pages import marked_names, page

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "danbe"
VERBS = set().union(*ROLES.values())

# Modules that read rows without asking whose they are, and why they may.
MAY_READ_UNSCOPED = {
    "core/access.py": "defines it",
    "accounts/actions.py": "puts messages in the inboxes of other posts",
    "figures/actions.py": "locks the return being changed, after it was checked",
    "figures/completeness.py": "reads who sent a return, never what is in it",
    "figures/content.py": "compares a return with the earlier one of the same body",
    "figures/queries.py": "sums: no return is shown alone",
    "figures/facts.py": "counts what the register holds: no record is shown",
    "figures/register.py": "counts the beds of every shelter",
    "partnership/funding_queries.py": "sums: no row of another body is shown",
    "partnership/training_queries.py": "counts what a body held, for the body's own return",
    "plan/funding.py": "a plan is read by all who may read it",
    "plan/actions.py": "copies a plan whole, and locks the activity being reported on",
    "plan/answer_actions.py": "answers every contribution of a group at once",
    "plan/contribution_actions.py": "numbers what comes in; finds what was sent twice",
    "plan/contribution_queries.py": "counts; finds by its code what a citizen wrote",
    "plan/contribution_rules.py": "gives the next number of a process",
    "plan/moderation_actions.py": "locks the contribution being moderated",
    "reports/plan_trace.py": "prints published contributions and their answers",
    "plan/trace.py": "reads plans, which all may read; counts what was said of a paragraph",
    "plan/framework.py": "writes and reads a framework whole, for whoever may",
    "plan/frozen.py": "reads the votes of a session whole: they are what is frozen",
    "plan/participation_actions.py": "adds participants, and locks the one that answers",
    "plan/participation_queries.py": "counts votes and participants; survivors are never listed",
    "plan/text_actions.py": "asks whether anything points at a clause before it is forgotten",
    "plan/validation_actions.py": "writes the ballots of a session that was checked",
    "plan/phases.py": "looks for the part of the actor's own body",
    "plan/queries.py": "a plan is read by all who may read it; drafts are held back",
    "reports/tip_actions.py": "writes an answer of one's own body, and locks the one decided",
    "protection/interview_actions.py": "locks the interview being changed; drops its last draft",
    "protection/models/identification.py": "says which grounds open an interview",
    "protection/link_actions.py": "renumbers both records of a pair, of which one is its own",
    "protection/linking.py": "compares records by keyed hashes: none is shown",
    "protection/retention.py": "holds a record back for the case of any body",
    "protection/rights_actions.py": "destroys what any body sealed of a person",
    "jobs/table.py": "says numbers of persons to their body, of contributions to who spoke",
    "protection/care_actions.py": "writes rows of a case that was checked",
    "protection/care_dates.py": "keeps the dates of a case that was checked",
    "protection/case_actions.py": "writes rows of a case that was checked",
    "protection/cases.py": "counts: caseload and quality show no case alone",
    "protection/deciding.py": "writes the decision that an act checked",
    "protection/decision_actions.py": "writes the decision that an act checked",
    "protection/door.py": "seals and opens for acts that were checked",
    "protection/ground_actions.py": "writes grounds; breaks the glass, which is the exception",
    "protection/handover_actions.py": "writes the consents and referrals of a checked event",
    "protection/models/grounds.py": "says which grounds reach an actor",
    "protection/models/persons.py": "says what a live ground opens",
    "protection/open_actions.py": "looks for the ground of an opening, and keeps the opening",
    "protection/person_actions.py": "writes the people of an event that was checked",
    "protection/queries.py": "counts the people of events that were checked",
    "protection/search.py": "reads the day of people that the search let through",
    "jobs/backup.py": "copies the whole instance",
    "jobs/demo_committee.py": "says of invented meetings that they are",
    "jobs/demo.py": "makes the fictitious cast",
    "jobs/demo_plan.py": "makes the fictitious plan, whatever the body that leads",
    "jobs/demo_participation.py": "makes the fictitious process of the demonstration",
    "jobs/load.py": "loads the tables of the country",
    "jobs/referral_clocks.py": "watches the clock of every referral, by its number alone",
    "jobs/reminders.py": "writes to every silent body",
    "jobs/rotation.py": "changes the wrapping of every data key; opens nothing",
    "protection/endings.py": "part of acts already checked: ends what stood on a ground",
    "protection/referral_actions.py": "part of acts already checked: cases and seals handed over",
    "protection/referrals.py": "looks for the ground that covers a referral, before it is sent",
    "partnership/archive_actions.py": "keeps the past that a file told, after it was checked",
    "partnership/committee_decision_actions.py": "writes what becomes of a checked decision",
    "partnership/committee_queries.py": "counts and joins rows that were let through",
    "partnership/loading.py": "loads what the sources say of the Committee",
    "partnership/meeting_actions.py": "writes the agenda and attendance of a checked meeting",
    "partnership/models/committee.py": "says in which assemblies a post sits",
    "partnership/models/meetings.py": "says which decisions a post may read",
    "exchange/archive_xlsx.py": "writes the attendance and decisions of meetings let through",
    "partnership/agreement_actions.py": "writes agreements and flows that were checked",
    "partnership/sharing.py": "says what agreements let pass between two bodies",
    "reports/processing.py": "counts the rows of every table; reads no row",
    "protection/sharing.py": "pairs of bodies, for the secretariat: no person, no number of them",
    "jobs/agreement_clocks.py": "watches the last day of every agreement",
    "partnership/models/services.py": "says which bodies were let into a protected address",
}

# Public functions of actions modules that are not acts themselves, and why.
NOT_ACTS = {
    "accounts/actions.py": {
        "accept_invitation": "the code is the right: the visitor has no post yet",
        "invitation_of": "reads",
        "new_invitation": "part of inviting and handing over",
        "checked": "reads",
        "post_message": "a consequence, called by jobs",
    },
    "core/actions.py": {"action": "defines it"},
    "figures/actions.py": {
        "part_of": "reads",
        "codes_of": "reads",
        "digest_of": "reads",
        "changed_elsewhere": "an error",
        "unanswered": "reads",
        "parsed_return": "reads",
        "observe": "part of accepting",
        "observations_of": "part of accepting",
        "flag_overlaps": "part of accepting",
        "recount": "part of deciding and accepting",
        "attachment_path": "reads",
    },
    "figures/reminder_actions.py": {"focal_points": "reads"},
    "plan/text_actions.py": {"mark_of": "reads", "words_of": "reads"},
    "protection/rights_actions.py": {
        "second_post": "reads",
        "certificate_of": "part of carrying out",
    },
    "protection/case_actions.py": {"close_as_transferred": "part of accepting a transfer"},
    "protection/open_actions.py": {"openable": "reads"},
    "reports/actions.py": {"post_of": "reads"},
}


def modules(pattern: str) -> list[str]:
    return sorted(
        str(p.relative_to(SRC)) for p in SRC.glob(pattern) if "migrations" not in p.parts
    )


def text_of(name: str) -> str:
    return (SRC / name).read_text(encoding="utf-8")


def templates() -> list[str]:
    return modules("web/templates/**/*.html")


# --- Rows ----------------------------------------------------------------------------------


def test_rows_are_read_through_access_except_in_the_modules_listed() -> None:
    unscoped = re.compile(r"\.unscoped\b|_default_manager|_base_manager")
    found = {name for name in modules("**/*.py") if unscoped.search(text_of(name))}
    assert found <= set(MAY_READ_UNSCOPED), "read with visible(), or say here why not"
    assert set(MAY_READ_UNSCOPED) <= found, "remove what is no longer needed"


def test_scoped_models_say_whose_rows_they_are_and_have_no_objects() -> None:
    scoped = [model for model in apps.get_models() if issubclass(model, ScopedModel)]
    assert len(scoped) >= 4
    for model in scoped:
        assert "rows_of" in vars(model), model
        assert not hasattr(model, "objects"), model
        assert model._meta.default_manager_name == "unscoped", model


@pytest.mark.parametrize("reach", [reach for reach in Reach if reach is not Reach.NATION])
def test_an_empty_filter_never_means_every_row(reach: Reach) -> None:
    actor = Actor(Role.FOCAL_POINT, uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    for model in apps.get_models():
        if issubclass(model, ScopedModel):
            assert model.rows_of(actor, reach), model  # an empty Q is false


def test_rules_live_in_constraints_and_actions_not_in_save_or_signals() -> None:
    for model in apps.get_models():
        if model.__module__.startswith("danbe."):
            assert not {"save", "delete"} & set(vars(model)), model
    for name in modules("**/*.py"):
        assert not re.search(r"django\.dispatch|db\.models\.signals|@receiver", text_of(name)), (
            name
        )


# Modules that hold keys, and of what. Texts about people have one door.
MAY_HOLD_KEYS = {
    "accounts/actions.py": "hashes of invitation codes",
    "accounts/sessions.py": "hashes of session keys",
    "accounts/sign_in.py": "hashes of addresses that try",
    "core/sealed_files.py": "joined files, under a key each",
    "jobs/rotation.py": "changes the wrapping of every data key; opens nothing",
    "partnership/offer_actions.py": "protected addresses",
    "plan/contribution_codes.py": "words before they are published; hashes of codes, of addresses",
    "protection/door.py": "everything sealed about people",
    "protection/search.py": "keyed hashes of names",
}


def test_what_is_sealed_has_few_doors() -> None:
    holds = re.compile(
        r"^(?:from danbe\.core import .*\bsealing\b|from danbe\.core\.sealing )", re.M
    )
    found = {name for name in modules("**/*.py") if holds.search(text_of(name))}
    assert found - {"core/sealing.py"} == set(MAY_HOLD_KEYS)


# --- Changes -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", modules("*/*actions.py"))
def test_a_public_function_of_an_actions_module_is_an_act_of_an_actor(name: str) -> None:
    module = importlib.import_module("danbe." + name.removesuffix(".py").replace("/", "."))
    excused = NOT_ACTS.get(name, {})
    functions = {
        function_name: function
        for function_name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not function_name.startswith("_")
    }
    assert set(excused) <= set(functions), "remove what is no longer there"
    for function_name, function in functions.items():
        if function_name not in excused:
            assert getattr(function, "verb", None) in VERBS, function_name
            assert next(iter(inspect.signature(function).parameters)) == "actor", function_name


@pytest.mark.parametrize("name", modules("web/*.py"))
def test_a_page_changes_nothing_itself(name: str) -> None:
    """A change is an act: no page, form or template tag writes to the database."""
    writes = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
    for node in ast.walk(ast.parse(text_of(name))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            told = f"{name}:{node.lineno}"
            assert node.func.attr not in writes, told
            if node.func.attr in {"update", "delete"}:
                assert "objects" not in ast.unparse(node.func.value), told


# --- Pages ---------------------------------------------------------------------------------


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        else:
            yield pattern


def test_every_address_is_marked_with_a_verb_of_the_table() -> None:
    found = list(addresses(get_resolver().url_patterns))
    assert len(found) > 60
    for pattern in found:
        verb = getattr(pattern.callback, "verb", None) or marked_names.get(pattern.name or "")
        assert verb in VERBS, pattern
        assert pattern.name, pattern


def test_no_two_addresses_of_ours_bear_the_same_name() -> None:
    found = [pattern.name for pattern in addresses(get_resolver().url_patterns)]
    names = [name for name in found if name not in marked_names]
    assert len(names) == len(set(names))


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open to everybody")


@page("public.read")
def writes_on_get(request: HttpRequest) -> HttpResponse:
    Setting.objects.create(key="body.name", value="écrit par un GET")
    return HttpResponse("done")


urlpatterns = [
    path("unmarked/", unmarked),
    path("writes/", writes_on_get),
]


@pytest.fixture
def own_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.mark.django_db
@pytest.mark.usefixtures("own_addresses")
def test_a_page_without_a_mark_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="has no @page"):
        Client().get("/unmarked/")


@pytest.mark.django_db
@pytest.mark.usefixtures("own_addresses")
def test_a_get_that_writes_is_stopped_and_a_post_is_not() -> None:
    with pytest.raises(RuntimeError, match="a GET must not write"), transaction.atomic():
        Client().get("/writes/")
    assert not Setting.objects.filter(key="body.name").exists()
    assert Client().post("/writes/").status_code == 200


# --- Templates -----------------------------------------------------------------------------

FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "an inline event": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I
    ),
    "text let through unescaped": re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off", re.I),
    "something fetched from elsewhere": re.compile(
        r"<(?:script|img|link|iframe|source|video|audio)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//",
        re.I,
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_templates_keep_the_rules_of_the_browser(what: str) -> None:
    found = [name for name in templates() if FORBIDDEN[what].search(text_of(name))]
    assert found == []


def test_nothing_marks_text_safe_but_the_tags_of_the_look() -> None:
    marks = re.compile(r"mark_safe|SafeString\(|is_safe\s*=\s*True|\|safe\b")
    found = [name for name in modules("**/*.py") if marks.search(text_of(name))]
    assert sorted(found) == ["web/templatetags/danbe.py", "web/templatetags/tables.py"]


def test_every_form_that_posts_carries_its_token() -> None:
    form = re.compile(r"<form\b[^>]*method=[\"']?post[^>]*>(.*?)</form>", re.I | re.S)
    for name in templates():
        for inside in form.findall(text_of(name)):
            assert "{% csrf_token %}" in inside, name


# --- The repository ------------------------------------------------------------------------


def committed() -> list[Path]:
    """What git keeps here; nothing where there is no git."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = told.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_nothing_committed_names_the_machine_it_was_written_on() -> None:
    files = committed()
    if not files:
        pytest.skip("no git here")
    told = re.compile(rb"/work/(?:main|shared|\.library)|\.library/|/root/|/home/[a-z]+/")
    allowed = {Path(__file__).resolve()}
    text = {".py", ".md", ".html", ".txt", ".toml", ".csv", ".po", ".in", ".css", ".js", ""}
    found = [
        str(file.relative_to(ROOT))
        for file in files
        if file.suffix in text and file not in allowed and told.search(file.read_bytes())
    ]
    assert found == []
