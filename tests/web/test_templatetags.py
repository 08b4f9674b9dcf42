"""The look's template tags and parts: what they write, and what they refuse."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

import danbe.web
from danbe.reports.document import Table
from danbe.web.report_view import ShownCell, ShownRow, ShownTable
from danbe.web.templatetags import danbe as tags
from danbe.web.templatetags.tables import table_rows

WEB = Path(danbe.web.__file__).parent
NARROW = "\u202f"


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    """Pages are French unless a test says otherwise."""
    with translation.override("fr"):
        yield


def write(source: str, **context: object) -> str:
    """Render a line of template."""
    return Template(source).render(Context(context)).strip()


# --- Numbers and dates ---------------------------------------------------------------------


def test_the_budget_of_the_plan_is_grouped_with_narrow_spaces_in_french_and_commas_in_english():
    assert write("{{ n|number }}", n=2_992_000_000) == NARROW.join(["2", "992", "000", "000"])
    with translation.override("en"):
        assert write("{{ n|number }}", n=2_992_000_000) == "2,992,000,000"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-1234, f"\N{MINUS SIGN}1{NARROW}234"),
        (1234.56, f"1{NARROW}234,6"),
        (Decimal("37.0"), "37"),
        (Decimal("-0.25"), "\N{MINUS SIGN}0,2"),
        (0.04, "0,0"),
        (None, "—"),
        ("", "—"),
        ("plus de 36 000", "plus de 36 000"),
        (True, "True"),
    ],
)
def test_a_number_is_written_as_people_read_it_and_no_data_is_never_zero(value, shown):
    assert tags.number(value) == shown


def test_a_day_is_written_in_words_and_an_unknown_day_is_a_dash():
    assert write("{{ d|day }}", d=datetime.date(2026, 11, 23)) == "23 novembre 2026"
    assert write("{{ d|day }}", d=datetime.date(2026, 11, 1)) == "1er novembre 2026"
    assert write("{{ d|day }}", d=None) == "—"


def test_a_moment_is_the_local_day_and_hour_of_bamako():
    late = datetime.datetime(
        2026, 11, 23, 23, 30, tzinfo=datetime.timezone(-datetime.timedelta(hours=2))
    )
    assert write("{{ d|day }}", d=late) == "24 novembre 2026"
    assert write("{{ d|moment }}", d=late) == "24 novembre 2026, 01:30"
    assert write("{{ d|moment }}", d=None) == "—"


# --- Signs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", tags.AXES)
def test_each_axis_has_a_sign_a_name_and_a_colour(axis):
    assert write("{% axis_icon a %}", a=axis).startswith('<svg class="icon"')
    assert write("{% axis_label a %}", a=axis)
    assert f".axis--{axis} {{" in (WEB / "static/danbe/danbe.css").read_text()


def test_an_axis_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="no axis"):
        tags.axis_icon("repression")


@pytest.mark.parametrize("name", ["nowhere", "../logo", ""])
def test_an_icon_that_does_not_exist_is_refused(name):
    with pytest.raises(KeyError, match="no icon"):
        tags.icon(name)


def test_an_icon_is_silent_unless_it_stands_alone():
    assert 'aria-hidden="true"' in write('{% icon "check" %}')
    alone = write('{% icon "alert" label=words %}', words="Attention <à>")
    assert 'role="img" aria-label="Attention &lt;à&gt;"' in alone
    assert "aria-hidden" not in alone


@pytest.mark.parametrize("tone", tags.TONES)
def test_a_badge_tells_by_a_sign_and_by_words_not_by_colour_alone(tone):
    shown = write("{% badge tone words %}", tone=tone, words="acceptée & close")
    assert "<svg" in shown
    assert "acceptée &amp; close" in shown


def test_every_icon_that_a_template_asks_for_is_there():
    asked = {
        name
        for page in (WEB / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "(\w+)"', page.read_text())
    }
    assert asked
    for name in asked:
        tags.shapes(name)


def test_only_a_drawing_of_ours_goes_through_unescaped():
    assert write("{{ d|svg }}", d="<svg><path/></svg>") == "<svg><path/></svg>"
    for not_one in ("<p>no</p>", "<svg></svg><script>1</script>", ""):
        with pytest.raises(ValueError, match="not a drawing"):
            tags.svg(not_one)


# --- Tables ----------------------------------------------------------------------------------


def heading(query: str) -> str:
    """The heading of a table on the page asked for with ``query``."""
    return write('{% sort_header "name" "Nom" %}', request=RequestFactory().get(f"/?{query}"))


def test_a_heading_sorts_up_then_down_keeps_the_filters_and_goes_back_to_the_first_page():
    assert 'href="?region=ML-3&amp;sort=name"' in heading("region=ML-3&page=4")
    assert "aria-sort" not in heading("")
    assert 'aria-sort="ascending"' in heading("sort=name")
    assert 'href="?sort=-name"' in heading("sort=name")
    assert 'aria-sort="descending"' in heading("sort=-name")
    assert 'href="?sort=name"' in heading("sort=-name")


def test_a_filter_with_markup_in_it_cannot_leave_the_address():
    assert "<script" not in heading("q=%22%3E%3Cscript%3E")


@pytest.mark.parametrize(
    ("n_rows", "page", "shown"),
    [
        (20, 1, [1]),
        (40, 1, [1, 2]),
        (420, 1, [1, 2, 0, 21]),
        (420, 7, [1, 0, 6, 7, 8, 0, 21]),
        (420, 21, [1, 0, 20, 21]),
    ],
)
def test_long_lists_show_the_first_the_last_and_the_neighbouring_pages(n_rows, page, shown):
    assert tags.page_numbers(Paginator(range(n_rows), 20).page(page)) == shown


def test_the_table_behind_a_drawing_shows_silence_as_silence():
    shown = render_to_string(
        "parts/drawing.html",
        {
            "drawing": "<svg></svg>",
            "title": "Victimes",
            "head": ["Région", "Victimes"],
            "rows": [["Kayes", 1200], ["Kidal", None], ["Gao", 0]],
        },
    )
    assert f'<td class="num">1{NARROW}200</td>' in shown
    assert '<td class="num">0</td>' in shown
    assert shown.count('class="nodata"') == 1
    assert '<th scope="col" class="num">Victimes</th>' in shown


def test_a_figure_without_data_says_so_and_shows_no_zero():
    silent = render_to_string("parts/figure.html", {"value": None, "label": "Victimes"})
    zero = render_to_string("parts/figure.html", {"value": 0, "label": "Victimes"})
    assert "figure--silent" in silent
    assert not re.search(r">\s*0\s*<", silent)
    assert ">0<" in zero


# --- Forms -----------------------------------------------------------------------------------


class PaperForm(forms.Form):
    """One field of each kind."""

    victims = forms.IntegerField(label="Victimes", help_text="Une personne compte une fois.")
    axes = forms.MultipleChoiceField(
        label="Axes", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple
    )
    certified = forms.BooleanField(label="Je certifie")
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_each_field_is_joined_to_its_label_its_help_and_its_error():
    form = PaperForm({"victims": "douze", "version": "1"})
    shown = render_to_string("parts/form_fields.html", {"form": form})
    assert '<label class="field__label" for="id_victims">Victimes' in shown
    assert 'aria-describedby="id_victims_helptext id_victims_error"' in shown
    assert 'id="id_victims_helptext"' in shown
    assert 'id="id_victims_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'value="douze"' in shown
    assert '<a href="#id_victims">' in shown
    assert "<fieldset" in shown
    assert shown.count("<legend") == 1
    assert '<input type="hidden" name="version" value="1"' in shown
    identifiers = re.findall(r'\bid="([^"]+)"', shown)
    assert len(identifiers) == len(set(identifiers))
    for anchor in re.findall(r'href="#([^"]+)"', shown):
        assert anchor in identifiers


def test_a_form_without_error_shows_no_summary():
    assert "error-summary" not in render_to_string("parts/form_fields.html", {"form": PaperForm()})


def test_problems_come_as_pairs_or_as_objects():
    shown = render_to_string(
        "parts/problems.html",
        {"problems": [("c1", "Cellule D12"), SimpleNamespace(anchor="", message="Feuille 2")]},
    )
    assert '<a href="#c1">Cellule D12</a>' in shown
    assert "<li>Feuille 2</li>" in shown


# --- What the house forbids --------------------------------------------------------------------


@pytest.mark.parametrize("page", sorted((WEB / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_no_template_holds_a_style_or_a_script_of_its_own(page):
    source = page.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", source)
    for attributes in re.findall(r"<script([^>]*)>", source):
        assert "src=" in attributes or 'type="application/json"' in attributes


def test_the_look_fetches_nothing_from_elsewhere():
    css = (WEB / "static/danbe/danbe.css").read_text()
    assert not re.search(r"@import|https?:|data:", css)
    for name in re.findall(r'url\("([^"]+)"\)', css):
        assert (WEB / "static/danbe" / name).exists()


def test_the_fonts_the_style_and_the_script_of_a_first_page_stay_small():
    import gzip

    static = WEB / "static/danbe"
    fonts = sum(
        (static / f"fonts/noto-sans-{weight}.woff2").stat().st_size for weight in (400, 600)
    )
    packed = sum(
        len(gzip.compress((static / name).read_bytes())) for name in ("danbe.css", "danbe.js")
    )
    assert fonts < 26_000
    assert packed < 14_000


def test_a_row_of_a_report_escapes_every_text_it_is_given() -> None:
    bad = "<script>alert('&\"')</script>"
    cell = ShownCell(bad, bad, f"?{bad}", True, True, bad, (f"https://exemple.ml/{bad}",))
    row = ShownRow(bad, (cell, ShownCell(bad, bad)), bad, bad, (f"/{bad}", f"/{bad}"))
    shown = ShownTable(Table("t", "1", bad, "", ("", bad, bad), ()), (), (row,), (), (), (), 0, "")
    written = table_rows(shown)
    assert "<script" not in written
    assert written.count("&lt;script&gt;alert(&#x27;&amp;&quot;&#x27;)") == 12
    assert set(re.findall(r"<(\w+)", written)) == {"tr", "th", "td", "a", "div", "p", "span"}


def test_a_row_of_a_report_says_silence_totals_and_where_a_figure_opens() -> None:
    row = ShownRow(
        "Kayes",
        (
            ShownCell("2024", "12", "/figures/", is_figure=True),
            ShownCell("2025", "—", "", True, True),
        ),
        "total",
    )
    shown = ShownTable(Table("t", "1", "", "", (), ()), (), (row,), (), (), (), 0, "")
    assert table_rows(shown) == (
        '<tr class="total"><th scope="row">Kayes</th>'
        '<td data-label="2024" class="num"><a href="/figures/">12</a></td>'
        '<td data-label="2025" class="num nodata">—</td></tr>'
    )
