"""The 2024 report gives what the Committee published for 2024, and says what it does not know."""

import datetime
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from danbe.accounts.models import Organisation
from danbe.core.models import Setting
from danbe.figures.actions import open_return, save_content, submit_return
from danbe.figures.models import Definition
from danbe.figures.queries import table, totals
from danbe.reports.annual import HEADLINES, build
from danbe.reports.document import (
    Block,
    Chapter,
    Chart,
    Document,
    Heading,
    Items,
    Keys,
    Quotes,
    Table,
    Text,
)
from danbekit.dates import Window
from tests.conftest import Cast
from tests.reports.makers import AXES, TODAY, accepted, line, wide

# key, value, unit: as printed by the Committee (mali.md 5.3)
PUBLISHED = [
    ("victims_identified@2024", 629, "victimes"),
    ("victims_identified@2024#sex_age=male.adult", 42, "victimes"),
    ("victims_identified@2024#sex_age=female.adult", 250, "victimes"),
    ("victims_identified@2024#sex_age=unknown.child", 337, "victimes"),
    ("migrants_assisted@2024", 822, "migrants"),
    ("migrants_assisted@2024#sex_age=female.adult", 345, "migrants"),
    ("migrants_assisted@2024#sex_age=male.adult", 221, "migrants"),
    ("migrants_assisted@2024#sex_age=unknown.child", 256, "migrants"),
    ("investigation_files@2024", 93, "dossiers"),
    ("persons_investigated@2024", 430, "personnes"),
    ("persons_investigated@2024#sex_age=male.unknown", 291, "personnes"),
    ("persons_investigated@2024#sex_age=female.unknown", 113, "personnes"),
    ("persons_investigated@2024#sex_age=unexplained", 26, "personnes"),
    ("prosecution_files@2024", 81, "dossiers"),
    ("convictions@2024", 8, "condamnations"),
    ("persons_sensitised@2024", 36_000, "personnes"),
]


CHAPTERS = (
    *("essential", "completeness", *AXES),
    *("history", "difficulties", "method", "definitions", "sources", "gaps"),
)


def texts_of(document: Document) -> str:
    """Every sentence of a document."""
    said = []
    for chapter in document.chapters:
        for block in chapter.blocks:
            if isinstance(block, Text):
                said.append(block.text)
            elif isinstance(block, Items):
                said += block.items
            elif isinstance(block, Quotes):
                said += [f"{q.body} {q.text}" for q in block.quotes]
    return "\n".join(said).replace("\u00a0", " ").replace("\u202f", " ")


def unnumbered(block: Block) -> Block:
    """A table or a chart without its number, which depends on what stands before."""
    return replace(block, number="") if isinstance(block, Table | Chart) else block


def shown_in(chapter: Chapter) -> set[str]:
    """The keys of the figures of a chapter."""
    found: set[str] = set()
    for block in chapter.blocks:
        if isinstance(block, Keys):
            found |= set(block.figures)
        elif isinstance(block, Table):
            found |= {cell.figure for row in block.rows for cell in row.cells}
        elif isinstance(block, Chart):
            found |= {key for mark in block.marks for key in mark.figures}
    return found - {""}


def chapter_tables(document: Document, code: str) -> list[Table]:
    chapter = next(c for c in document.chapters if c.code == code)
    return [b for b in chapter.blocks if isinstance(b, Table)]


def test_each_published_figure_of_2024_is_there_with_its_unit(document: Document):
    figures = document.by_key()
    found = [(key, figures[key].value, figures[key].unit) for key, _value, _unit in PUBLISHED]
    assert found == PUBLISHED


def test_each_published_figure_of_2024_opens_to_a_return_and_an_address(document: Document):
    figures, sources = document.by_key(), {s.id: s for s in document.sources}
    for key, _value, _unit in PUBLISHED:
        assert figures[key].sources, key
        for source in (sources[s] for s in figures[key].sources):
            assert source.returns, key
            assert [a for a in source.addresses if a.startswith("https://")], key


def test_more_than_36_000_stays_more_than(document: Document):
    assert document.by_key()["persons_sensitised@2024"].at_least
    assert not document.by_key()["victims_identified@2024"].at_least
    assert "plus de 36 000" in texts_of(document)


def test_the_26_persons_that_no_source_explains_are_said_in_words(document: Document):
    said = texts_of(document)
    assert "Personnes enquêtées : 430, soit 291 hommes" in said
    assert "113 femmes (âge non précisé) et 26 sans explication." in said
    assert "font 404, le total déclaré est 430" in said
    assert "n’expliquent pas 26 personnes" in said
    assert "ce sont des personnes" in said  # the body's own words, printed beside for ever


def test_the_26_persons_have_a_row_between_the_parts_and_the_total(document: Document):
    found = next(t for t in document.tables() if t.code == "persons_investigated-sex_age")
    assert [(row.label, row.kind) for row in found.rows[-2:]] == [
        ("Non ventilé", "unexplained"),
        ("Total", "total"),
    ]
    figures = document.by_key()
    assert [figures[row.cells[-1].figure].value for row in found.rows] == [113, 291, 26, 430]


@pytest.mark.parametrize("code", CHAPTERS)
def test_a_chapter_made_alone_is_the_chapter_of_the_whole(document: Document, code: str):
    alone = build(2024, TODAY, code)
    assert [c.title for c in alone.chapters] == [c.title for c in document.chapters]
    one, whole = (next(c for c in d.chapters if c.code == code) for d in (alone, document))
    assert [unnumbered(b) for b in one.blocks] == [unnumbered(b) for b in whole.blocks]
    assert one.blocks
    # each figure that it shows is the same, with the same sources
    known = document.by_key()
    for key in shown_in(one):
        assert alone.by_key()[key] == known[key]
    cited = {source.id: source for source in document.sources}
    assert all(cited[s.id] == s for s in alone.sources)
    assert {s for key in shown_in(one) for s in known[key].sources} <= {
        s.id for s in alone.sources
    }


def test_a_page_of_an_axis_made_alone_is_the_page_of_the_whole(cast: Cast):
    wide(cast.esther, 6)
    whole = build(2024, TODAY).chapter("protection")
    assert [len([b for b in p if isinstance(b, Heading)]) for p in whole.pages] == [0, 4, 4]
    for number, blocks in enumerate(whole.pages, 1):
        alone = build(2024, TODAY, "protection", number)
        page = alone.chapter("protection").pages[number - 1]
        assert [unnumbered(b) for b in page] == [unnumbered(b) for b in blocks]
        assert not any(b.number for b in page if isinstance(b, Table | Chart))
        assert shown_in(alone.chapter("protection")) <= set(alone.by_key())


def test_an_axis_with_few_sections_is_one_page_and_no_other_chapter_is_cut(document: Document):
    assert [len(chapter.pages) for chapter in document.chapters] == [1] * len(CHAPTERS)
    assert document.chapter("protection").pages == [list(document.chapter("protection").blocks)]


def test_a_page_of_an_axis_reads_the_parts_of_its_figures_only(cast: Cast):
    wide(cast.esther, 6)
    alone = build(2024, TODAY, "protection", 1)
    assert [f for f in alone.figures if f.value == 42]
    assert not [f for f in alone.figures if f.by == "sex_age"]
    second = build(2024, TODAY, "protection", 2)
    assert len({f.definition for f in second.figures if f.by == "sex_age"}) == 4


def test_a_chapter_made_alone_counts_less(of_2024: Cast):
    with CaptureQueriesContext(connection) as all_of_it:
        build(2024, TODAY)
    with CaptureQueriesContext(connection) as one:
        alone = build(2024, TODAY, "method")
    assert len(one) < len(all_of_it)
    assert [c.code for c in alone.chapters if c.blocks] == ["method"]


def test_the_words_of_bodies_stand_in_their_chapters(document: Document):
    assert "causeries se sont tenues à Kadiolo" in texts_of(document)
    assert "les frontières sont poreuses" in texts_of(document)


def test_the_headlines_come_in_the_order_of_the_committee(document: Document):
    keys = next(b for b in document.chapters[0].blocks if isinstance(b, Keys))
    assert keys.figures == tuple(f"{code}@2024" for code in HEADLINES)


def test_every_figure_shown_is_written_once_with_its_unit(document: Document):
    known = document.by_key()
    assert len(known) == len(document.figures)
    shown = {c.figure for t in document.tables() for r in t.rows for c in r.cells if c.figure}
    charts = [b for c in document.chapters for b in c.blocks if isinstance(b, Chart)]
    shown |= {key for chart in charts for mark in chart.marks for key in mark.figures if key}
    assert shown <= set(known)
    assert all(figure.unit and figure.label for figure in document.figures)
    assert all(f.sources for f in document.figures if f.definition and f.value and not f.by)


def test_a_definition_that_nobody_answers_is_written_down_as_no_data_and_listed_as_a_gap(
    document: Document,
):
    assert document.by_key()["networks_dismantled@2024"].value is None
    gaps = next(c for c in document.chapters if c.code == "gaps")
    listed = [text for b in gaps.blocks if isinstance(b, Items) for text in b.items]
    assert "Réseaux démantelés" in listed
    assert Organisation.objects.get(code="MPFEF").label_fr in listed


def test_completeness_counts_who_owed_and_who_answered(document: Document):
    assert (document.n_due, document.n_received, document.n_accepted) == (4, 2, 2)
    figures = document.by_key()
    assert figures["returns_silent@2024"].value == 2
    assert "4 déclarations étaient attendues ; 2 ont été reçues" in texts_of(document)


def test_the_map_shows_the_regions_of_the_last_day_even_when_all_are_silent(document: Document):
    found = next(b for b in document.chapters[0].blocks if isinstance(b, Chart))
    assert (found.kind, found.layout, len(found.marks)) == ("map", "2024-12-31", 20)
    assert all(mark.figures == ("",) for mark in found.marks)
    assert "629 sur 629 sans région précisée" in found.note


def test_the_history_keeps_what_was_published_with_its_warning_and_its_gaps(document: Document):
    found = next(
        t for t in chapter_tables(document, "history") if t.code == "history-victims_identified"
    )
    figures = document.by_key()
    rows = {row.label: row for row in found.rows}
    assert figures[rows["2023"].cells[1].figure].value == 5461
    assert "Trois statuts en un" in rows["2023"].cells[2].text
    assert rows["2023"].cells[0].figure == ""  # no return of 2023: not zero
    assert figures[rows["2024"].cells[0].figure].value == 629
    assert rows["2011–2014"].cells[2].text == "pas de données"


def test_a_report_does_not_quote_itself_as_the_past(document: Document):
    published = [f for f in document.figures if f.by == "published"]
    assert published
    assert not [f for f in published if f.window == "2024"]


def test_the_report_is_french_whatever_the_language_of_the_reader(of_2024: Cast):
    french = build(2024, TODAY)
    with translation.override("en"):
        assert build(2024, TODAY) == french


def test_the_cover_bears_the_configured_name(of_2024: Cast):
    Setting.objects.create(key="body.name", value="Agence nationale de coordination")
    Setting.objects.create(key="body.acronym", value="ANCTP-TiM")
    found = build(2024, TODAY).body
    assert (found.name, found.acronym) == ("Agence nationale de coordination", "ANCTP-TiM")


def test_a_return_that_is_only_submitted_counts_for_nothing(of_2024: Cast):
    before = build(2024, TODAY).by_key()
    fanta = of_2024.fanta
    body = Organisation.objects.get(pk=fanta.organisation_id)
    row = open_return(fanta, body, window=Window.calendar_year(2024), axes=AXES)
    content = {"lines": {"victims_identified": [line("1000")]}}
    save_content(fanta, row, content=content)
    submit_return(fanta, row)
    after = build(2024, TODAY)
    assert after.by_key()["victims_identified@2024"] == before["victims_identified@2024"]
    assert (after.n_received, after.n_accepted) == (3, 2)


@pytest.fixture
def mixed(cast: Cast) -> Cast:
    """Returns with regions, quarters, stocks, forms, and one that straddles the year."""
    quarter = Window.quarter(2024, 1)
    accepted(
        cast.esther,
        "MPFEF",
        {
            "lines": {
                "victims_identified": [
                    line("30", "kayes-2023", cells={"form": {"ForcedLabour": "20"}}),
                    line("5", "sikasso-2023"),
                    line("4"),
                ],
                "shelter_places": [line("10", "kayes-2023")],
                "funds_planned": [line("1500000")],
            }
        },
        window=quarter,
    )
    accepted(
        cast.esther,
        "MPFEF",
        {"lines": {"shelter_places": [line("12", "kayes-2023")]}},
        window=Window.quarter(2024, 4),
    )
    accepted(
        cast.esther,
        "OIM",
        {"lines": {"victims_identified": [line("7", "sikasso-2023")]}},
        axes=("protection",),
    )
    accepted(
        cast.esther,
        "BRTMTEH",
        {"lines": {"persons_arrested": [line("97")]}},
        window=Window.april_year(2024),
        axes=("prosecution",),
    )
    return cast


def test_totals_are_those_of_the_explorer_for_every_definition(mixed: Cast):
    figures = build(2024, TODAY).by_key()
    for code, expected in totals(Window.calendar_year(2024)).items():
        found = figures[f"{code}@2024"]
        assert (found.value, found.at_least) == (expected.value, expected.at_least), code


def test_regions_are_those_of_the_explorer(mixed: Cast):
    figures = build(2024, TODAY).by_key()
    definition = Definition.objects.get(code="victims_identified")
    for row in table(definition, Window.calendar_year(2024), "region").rows:
        key = (
            f"victims_identified@2024/{row.key}"
            if row.key
            else "victims_identified@2024#place=none"
        )
        assert (figures[key].value if key in figures else None) == row.value, row.label


def test_a_stock_is_that_of_its_last_window_and_a_straddling_number_is_said(mixed: Cast):
    document = build(2024, TODAY)
    figures = document.by_key()
    assert figures["shelter_places@2024"].value == 12
    assert figures["persons_arrested@2024"].value is None
    assert "à cheval" in figures["persons_arrested@2024"].note
    assert "Personnes interpellées" in texts_of(document)


def test_amounts_are_in_francs(mixed: Cast):
    figure = build(2024, TODAY).by_key()["funds_planned@2024"]
    assert (figure.value, figure.unit) == (1_500_000, "francs CFA")


def test_the_number_of_queries_does_not_grow_with_the_returns(of_2024: Cast):
    with CaptureQueriesContext(connection) as few:
        build(2024, TODAY)
    for code in ("MPFEF", "OIM", "GN", "PAF", "CARITAS"):
        lines = {"victims_identified": [line("3", "kayes-2023"), line("2", "mopti-2023")]}
        accepted(of_2024.esther, code, {"lines": lines}, axes=("protection",))
    with CaptureQueriesContext(connection) as many:
        build(2024, TODAY)
    assert len(many) == len(few) <= 24


def test_a_year_without_any_return_is_a_report_of_silence(cast: Cast):
    document = build(2019, datetime.date(2020, 5, 5))
    assert not [
        f
        for f in document.figures
        if f.value is not None and f.window == "2019" and f.definition and f.by == ""
    ]
    assert "Aucune organisation n’a donné de chiffre" in texts_of(document)


def test_a_fictitious_return_is_announced_before_anything_else(cast: Cast):
    lines = {"victims_identified": [line("3")]}
    accepted(cast.esther, "MPFEF", {"lines": lines}, is_fictitious=True)
    document = build(2024, TODAY)
    assert document.notice.startswith("Démonstration")
    assert "fictive" in document.sources[0].detail
