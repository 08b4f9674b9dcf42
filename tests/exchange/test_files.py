"""`danbe import`: all of a file or nothing, in the name of a post."""

import io

import openpyxl
import pytest

from danbe.accounts.models import Organisation
from danbe.accounts.queries import organisations
from danbe.core.access import visible
from danbe.core.errors import DomainError
from danbe.exchange.files import _organisations, _return
from danbe.exchange.return_template import write_return
from danbe.figures.actions import open_return, save_content
from danbe.figures.models import Return
from danbekit.dates import Window
from tests.conftest import Cast

HEAD = "code,name_fr,name_en,type,aliases\n"


def test_organisations_come_with_their_aliases(cast: Cast):
    table = HEAD + "AMLP,Association malienne fictive,,ngo,AMLPT;A.M.L.P.\n"
    assert _organisations(table.encode(), print) == []
    assert organisations("amlpt").get().code == "AMLP"


def test_one_bad_type_and_no_organisation_is_kept(cast: Cast):
    table = HEAD + "AA,Fictive,,ngo,\nBB,Fictive deux,,armée,\n"
    problems = _organisations(table.encode(), print)
    assert len(problems) == 1
    assert problems[0].startswith("D3")
    assert not Organisation.objects.filter(code__in=["AA", "BB"]).exists()


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"code,name_fr\nA,B\n"])
def test_what_is_not_the_table_is_refused(cast: Cast, data: bytes):
    assert _organisations(data, print)


CONTENT = {"lines": {"victims_assisted": [{"place": "kita", "total": "4242"}]}}


def workbook(cast: Cast) -> bytes:
    """The form of the ministry for 2024, filled away from Danbe: no draft of it exists here."""
    body = Organisation.objects.get(code="MPFEF")
    row = open_return(cast.esther, body, window=Window.calendar_year(2024), axes=["protection"])
    data = write_return(save_content(cast.esther, row, content=CONTENT))
    Return.unscoped.filter(pk=row.pk).delete()
    return data


def with_cell(data: bytes, before: str, after: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [c for s in book for line in s.iter_rows() for c in line if str(c.value) == before]
    assert len(cells) == 1
    cells[0].value = after
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_filled_workbook_becomes_the_draft_of_its_body(cast: Cast):
    assert _return(workbook(cast), print) == []
    row = visible(cast.esther, Return, "return.read").get()
    assert (row.organisation.code, row.status, row.on_paper) == ("MPFEF", "draft", True)
    assert row.content["lines"]["victims_assisted"][0]["total"] == "4242"


def test_one_bad_cell_is_named_and_no_return_is_opened(cast: Cast):
    problems = _return(with_cell(workbook(cast), "4242", "douze"), print)
    assert len(problems) == 1
    assert problems[0].startswith("Protection!")
    assert not visible(cast.esther, Return, "return.read").exists()


def test_a_file_that_is_no_workbook_opens_no_return(cast: Cast):
    with pytest.raises(DomainError):
        _return(b"not a workbook", print)
    assert not visible(cast.esther, Return, "return.read").exists()
