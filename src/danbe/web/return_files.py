"""A return outside the screen: on paper, as a workbook, with files joined to it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from danbe.core.access import visible_or_404
from danbe.core.errors import DomainError, SealBroken
from danbe.core.pages import Request, page
from danbe.exchange import return_layout, return_template, return_xlsx
from danbe.figures.actions import attach, detach, open_attachment, save_content
from danbe.figures.content import AGES, SEXES, Vocabulary, parse
from danbe.figures.models import Attachment, Breakdown, Definition, Return
from danbe.web.download import download
from danbe.web.return_entry import Answer, answers_of, crumbs_of, may_write, vocabulary_of
from danbe.web.return_form import age_label
from danbe.web.windows import spoken
from danbekit.dates import Window

PREVIEW_SECONDS = 2 * 3600
SALT = "danbe.web.return_import"
EMPTY_ROWS = 3  # on paper, for each question


# --- Paper ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One question on paper: its answer, or boxes."""

    answer: Answer
    codes: tuple[tuple[str, tuple[str, ...]], ...]  # breakdown, labels of its codes


@dataclass(frozen=True, slots=True)
class PaperAxis:
    """One axis on paper."""

    axis: str
    items: tuple[PaperItem, ...]
    narrative: str


@page("return.read")
def return_paper(request: Request, pk: str) -> HttpResponse:
    """The form on A4 with the same numbers: filled, or blank with ``?blank=1``."""
    row = visible_or_404(request.actor, Return, "return.read", pk)
    blank = request.GET.get("blank") == "1"
    if blank:
        row.content = {}
    known = vocabulary_of(row)
    parsed = parse(row.content, known)
    answers = answers_of(row, list(known.definitions.values()), parsed, known)
    narrative = row.content.get("narrative") or {}
    axes = [
        PaperAxis(
            axis,
            tuple(
                PaperItem(answer, _codes_on_paper(answer.definition, known))
                for answer in answers
                if answer.definition.axis == axis
            ),
            narrative.get(axis, ""),
        )
        for axis in row.axes.split()
    ]
    context = {
        "row": row,
        "window": spoken(Window(row.start, row.end)),
        "blank": blank,
        "axes": axes,
        "difficulties": row.content.get("difficulties") or "",
        "sexes": [known.keys.get("sex", {}).get(sex, sex) for sex in SEXES],
        "ages": [age_label(age) for age in AGES],
        "empty_rows": range(1, EMPTY_ROWS + 1),
        "reference": str(row.pk)[:8].upper(),
    }
    return render(request, "returns/paper.html", context)


def _codes_on_paper(
    definition: Definition, known: Vocabulary
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The codes to tick beside a question; long lists are written by hand."""
    codes = []
    for breakdown in definition.splits:
        if breakdown == Breakdown.SEX_AGE:
            continue
        long = return_layout.is_long(known, definition, breakdown)
        labels = () if long else tuple(known.keys_of(definition, breakdown).values())
        codes.append((str(Breakdown(breakdown).label), labels))
    return tuple(codes)


# --- Workbook -------------------------------------------------------------------------------


def file_name(row: Return, blank: bool) -> str:
    """``danbe-mpfef-2024.xlsx``."""
    parts = ["danbe", slugify(row.organisation.code), Window(row.start, row.end).code]
    return "-".join([*parts, *(["vierge"] if blank else [])]).replace("..", "_") + ".xlsx"


@page("return.read")
def return_xlsx_file(request: Request, pk: str) -> HttpResponse:
    """The workbook to fill where there is no network: with the draft in it, or blank."""
    row = visible_or_404(request.actor, Return, "return.read", pk)
    blank = request.GET.get("blank") == "1"
    data = return_template.write_return(row, blank=blank)
    return download(data, return_layout.MEDIA_TYPE, file_name(row, blank))


@page("return.write")
def return_import(request: Request, pk: str) -> HttpResponse:
    """Load a filled workbook: what it says is shown first, then taken whole or not at all."""
    row = visible_or_404(request.actor, Return, "return.write", pk)
    context = {
        "row": row,
        "window": spoken(Window(row.start, row.end)),
        "is_open": may_write(request.actor, row),
        "crumbs": crumbs_of(row, ("", _("Workbook"))),
    }
    if request.method == "POST" and "read" in request.POST:
        return _keep_import(request, row, context)
    if request.method == "POST":
        file = request.FILES.get("file")
        return _show_import(request, row, context, file)
    return render(request, "returns/import.html", context)


def _show_import(
    request: Request, row: Return, context: dict[str, Any], file: "UploadedFile[bytes] | None"
) -> HttpResponse:
    """Every wrong cell by its address, and what would change. Nothing is kept yet."""
    try:
        if file is None:
            raise return_xlsx.refuse("empty", _("Choose the workbook that you filled."))
        if file.size is None or file.size > return_layout.MAX_FILE:
            raise return_xlsx.refuse("large", _("This file is larger than 5 MB."))
        read = return_xlsx.read_return(row, file.read())
    except DomainError as error:
        return render(request, "returns/import.html", context | {"problem": error}, status=400)
    payload = {"return": str(row.pk), "version": row.version, "content": read.content}
    context |= {
        "read": read,
        "is_nothing": not read.changes and not read.n_texts,
        "payload": signing.dumps(payload, salt=SALT, compress=True),
        "file_name": file.name,
    }
    return render(request, "returns/import.html", context, status=400 if read.errors else 200)


def _keep_import(request: Request, row: Return, context: dict[str, Any]) -> HttpResponse:
    """Take over what was shown, if the return did not change since."""
    try:
        payload = signing.loads(request.POST["read"], salt=SALT, max_age=PREVIEW_SECONDS)
        if payload["return"] != str(row.pk):
            raise signing.BadSignature
        save_content(
            request.actor, row, content=payload["content"], version=int(payload["version"])
        )
    except signing.BadSignature:
        text = _("Too much time went by since the file was read. Load it again.")
        error = return_xlsx.refuse("expired", text)
        return render(request, "returns/import.html", context | {"problem": error}, status=400)
    except DomainError as error:
        if error.code == "return.changed_elsewhere":
            text = _("The return changed since the file was read. Load the file again.")
            error = DomainError(error.code, text)
        return render(request, "returns/import.html", context | {"problem": error}, status=409)
    messages.success(request, _("The workbook was taken over into the draft. Check it."))
    return redirect("return_check", row.pk)


# --- Files joined ---------------------------------------------------------------------------


@page("return.attach")
@require_POST
def attachment_add(request: Request, pk: str) -> HttpResponse:
    """Join files to the return."""
    row = visible_or_404(request.actor, Return, "return.attach", pk)
    files = request.FILES.getlist("file")
    n_joined = 0
    if not files:
        messages.error(request, _("Choose a file first."))
    for file in files:
        try:
            attach(request.actor, row, name=file.name or "", data=file.read())
            n_joined += 1
        except DomainError as error:
            messages.error(request, f"{file.name} : {error}")
    if n_joined:
        text = ngettext(
            "%(n)s file joined and sealed.", "%(n)s files joined and sealed.", n_joined
        )
        messages.success(request, text % {"n": n_joined})
    return redirect(reverse("return_detail", args=[row.pk]) + "#files")


@page("attachment.open")
@require_POST
def attachment_open(request: Request, pk: str) -> HttpResponse:
    """Unseal one file and send it as a download; the act is in the audit trail."""
    file = visible_or_404(request.actor, Attachment, "attachment.open", pk)
    try:
        name, data = open_attachment(request.actor, file)
    except (SealBroken, FileNotFoundError) as error:
        raise Http404 from error
    return download(data, file.media_type, name)


@page("return.attach")
@require_POST
def attachment_remove(request: Request, pk: str) -> HttpResponse:
    """Destroy a file: its key first, so that no copy of it opens again."""
    file = visible_or_404(request.actor, Attachment, "return.attach", pk)
    try:
        detach(request.actor, file)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The file was destroyed."))
    return redirect(reverse("return_detail", args=[file.to_id]) + "#files")
