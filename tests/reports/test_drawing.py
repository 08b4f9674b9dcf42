"""Drawings: well-formed, quiet markup, escaped words, and silence that never looks like zero."""

import gzip

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.reports.drawing import (
    ENGLISH,
    FRENCH,
    Bar,
    Break,
    Cell,
    Line,
    LinePoint,
    MatrixRow,
    MonthCell,
    MonthSign,
    Panel,
    Series,
    Status,
    Value,
    YearRow,
    approximate_boundaries,
    boundaries_of,
    draw_bars,
    draw_lines,
    draw_map,
    draw_matrix,
    draw_months,
    draw_multiples,
    draw_tiles,
    layout_on,
)
from danbe.reports.drawing.classes import classes_of
from danbe.reports.drawing.colours import contrast, ink_on, ramp
from danbe.reports.drawing.matrix import LABELS
from danbe.reports.drawing.svg import PAPER, shorten, text_width, wrap
from danbe.reports.drawing.tiles import GRIDS

SVG = "{http://www.w3.org/2000/svg}"
AXES = ("#8a5a00", "#0d6b52", "#93313f", "#6a3d8f", "#3d5263", "#1c4e80")
LAYOUTS = ("2015", "2016", "2023")
UNIT = "Victimes identifiées"

texts = st.text(max_size=30)
values = st.builds(
    Value,
    number=st.none() | st.integers(0, 10**9),
    label=st.just("") | texts,
    href=st.sampled_from(["", "/chiffres/1/", "?fenetre=2024&lieu=gao", "#tableau"]),
    note=texts,
)
codes = sorted(approximate_boundaries("2023").names)


def parsed(drawing: str):
    """The drawing, after the checks that hold for every drawing."""
    root = fromstring(drawing)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    has_links = bool(list(root.iter(f"{SVG}a")))
    assert root.get("role") == ("group" if has_links else "img")
    for node in root.iter():
        assert node.tag != f"{SVG}script"
        assert not any(name == "style" or name.startswith("on") for name in node.attrib)
    return root


def said(drawing: str) -> str:
    return "".join(parsed(drawing).find(f"{SVG}desc").itertext())


def shown(node) -> list[str]:
    return ["".join(text.itertext()) for text in node.iter(f"{SVG}text")]


def of_class(drawing: str, name: str) -> list:
    return [node for node in parsed(drawing).iter() if node.get("class") == name]


def tooltips(nodes) -> list[str]:
    return [node.find(f"{SVG}title").text for node in nodes]


def some_bars(**options) -> str:
    series = (Series("Femmes"), Series("Hommes"), Series("Enfants"))
    bars = [
        Bar("Victimes", (Value(250), Value(42), Value(337)), Value(629)),
        Bar("Personnes mises en cause", (Value(113), Value(291), Value(None)), Value(430)),
        Bar("Kidal", (Value(None), Value(None), Value(None))),
    ]
    return draw_bars(bars, series, title="Année 2024", unit="Personnes", **options)


# --- every drawing ---------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(codes), values), texts, texts, st.sampled_from(AXES))
def test_any_values_and_words_give_a_well_formed_map_and_tiles(numbers, title, unit, accent):
    for draw in (draw_map, draw_tiles):
        parsed(draw("2023", numbers, title=title, unit=unit, accent=accent))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(texts, values, values), max_size=6),
    texts,
    st.sampled_from(["grouped", "stacked"]),
)
def test_any_values_and_words_give_well_formed_bars(rows, unit, mode):
    bars = [Bar(name, (one, other), total=other) for name, one, other in rows]
    series = (Series("Femmes"), Series("Hommes"))
    parsed(draw_bars(bars, series, title="t", unit=unit, mode=mode))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.integers(2005, 2030), st.tuples(values, texts), min_size=1),
    st.lists(st.builds(Break, st.integers(2005, 2030), texts), max_size=2),
    texts,
)
def test_any_history_gives_well_formed_lines(points, breaks, name):
    line = Line(name, tuple(LinePoint(year, *told) for year, told in points.items()))
    other = Line("Autre", line.points[:2])
    parsed(draw_lines([line, other], title="t", unit=name, breaks=breaks))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(texts, values, values), max_size=8), texts)
def test_any_values_and_words_give_well_formed_multiples_and_matrix(rows, window):
    panels = [Panel(name, (one, other)) for name, one, other in rows]
    parsed(draw_multiples(panels, [window, "2024"], title="t", unit=window))
    matrix = [
        MatrixRow(name, (Cell(Status.QUERIED, href=one.href), Cell(Status.MISSING)), note=name)
        for name, one, _ in rows
    ]
    parsed(draw_matrix([window, "2024"], matrix, title="t"))


def test_no_drawing_has_a_style_or_a_script():
    numbers = {"gao-2016": Value(3, href="/lieux/gao/"), "kita": Value(0)}
    drawings = [
        draw_map("2023", numbers, title="t", unit=UNIT),
        draw_tiles("2023", numbers, title="t", unit=UNIT),
        some_bars(),
        some_bars(mode="stacked"),
        draw_lines([Line("", (LinePoint(2024, Value(1), "w"),))], title="t", first=2020),
        draw_multiples([Panel("Gao", (Value(None), Value(3)))], ["2023", "2024"], title="t"),
        draw_matrix(["T1"], [MatrixRow("OIM", (Cell(status),)) for status in Status], title="t"),
    ]
    for drawing in drawings:
        parsed(drawing)
        assert "style=" not in drawing
        assert "<style" not in drawing
        assert "<script" not in drawing


def test_words_from_outside_are_escaped_everywhere():
    bad = '<script>alert("x")</script> & "Gao" style='
    value = {"gao-2016": Value(3, bad, note=bad)}
    for draw in (draw_map, draw_tiles):
        drawing = draw("2023", value, title=bad, unit=bad, description=bad)
        assert "<script" not in drawing
        assert bad in said(drawing)
        assert any(bad in tip for tip in tooltips(of_class(drawing, "svg__place")))


def test_an_address_of_a_page_is_kept_and_a_script_is_refused():
    drawing = draw_map("2023", {"kita": Value(5, href="/lieux/kita/?a=1&b=2")}, title="t")
    (link,) = parsed(drawing).iter(f"{SVG}a")
    assert link.get("href") == "/lieux/kita/?a=1&b=2"
    assert link.get("aria-label") == "Kita\u00a0: 5"
    for address in ("javascript:alert(1)", "data:text/html,x", "//ailleurs.example"):
        with pytest.raises(ValueError, match="not an address"):
            draw_map("2023", {"kita": Value(5, href=address)}, title="t")


def test_accents_and_malian_letters_stay_as_they_are():
    drawing = draw_tiles("2023", {"bamako": Value(1, "Bamakɔ ɲɛ ŋ")}, title="Ségou, Dioïla")
    assert "Ségou, Dioïla" in drawing
    assert "Bamakɔ ɲɛ ŋ" in said(drawing)


def test_numbers_and_silence_are_written_in_the_language_asked():
    numbers = {"gao-2016": Value(36000)}
    french, english = (
        said(draw_map("2023", numbers, title="t", unit="u", words=w)) for w in (FRENCH, ENGLISH)
    )
    assert "Gao\u00a0: 36\u202f000" in french
    assert "Pas de données\u00a0: Kidal" in french
    assert "Gao: 36,000" in english
    assert "No data: Kidal" in english


def test_the_map_of_the_twenty_regions_weighs_six_kilobytes_at_most():
    numbers = {code: Value(7 * n, href=f"/lieux/{code}/") for n, code in enumerate(codes)}
    drawing = draw_map("2023", numbers, title="Victimes identifiées par région", unit=UNIT)
    assert len(gzip.compress(drawing.encode(), 6)) <= 6_000


# --- silence is not zero ---------------------------------------------------------------------


@pytest.mark.parametrize("draw", [draw_map, draw_tiles])
def test_a_silent_region_is_hatched_and_a_zero_is_white_and_written(draw):
    numbers = {code: Value(4) for code in codes} | {"kidal": Value(0), "menaka": Value(None)}
    drawing = draw("2023", numbers, title="t", unit=UNIT)
    (silent,) = of_class(drawing, "svg__nodata")
    assert tooltips([silent]) == ["Ménaka\u00a0: pas de données"]
    assert "url(#hatch-" in silent[1].get("fill")
    zero = next(n for n in of_class(drawing, "svg__place") if "Kidal" in tooltips([n])[0])
    assert zero[1].get("fill") == PAPER
    assert tooltips([zero]) == [f"Kidal\u00a0: 0 ({UNIT})"]
    assert shown(parsed(drawing)).count("0") == 2  # in its place and in the legend


@pytest.mark.parametrize("draw", [draw_map, draw_tiles])
def test_a_region_that_nobody_mentions_is_silent_not_zero(draw):
    drawing = draw("2023", {"kita": Value(5)}, title="t")
    assert len(of_class(drawing, "svg__nodata")) == 19
    assert len(of_class(drawing, "svg__place")) == 1
    assert "0" not in shown(parsed(drawing))


@pytest.mark.parametrize("mode", ["grouped", "stacked"])
def test_a_silent_bar_has_a_mark_of_its_own_and_a_zero_bar_says_zero(mode):
    bars = [Bar("Kidal", (Value(None),)), Bar("Gao", (Value(0),))]
    drawing = draw_bars(bars, (Series("Victimes"),), title="t", mode=mode)
    (silent,) = of_class(drawing, "svg__nodata")
    assert shown(silent) == ["pas de données"]
    assert shown(parsed(drawing)).count("0") == 1


def test_a_gap_in_a_history_is_hatched_and_no_line_crosses_it():
    points = (LinePoint(2019, Value(5)), LinePoint(2020, Value(0)), LinePoint(2022, Value(7)))
    drawing = draw_lines([Line("", points)], title="t", first=2018)
    gaps = tooltips(of_class(drawing, "svg__nodata"))
    assert gaps == ["2018\u00a0: pas de données", "2021\u00a0: pas de données"]
    path = next(n.get("d") for n in parsed(drawing).iter(f"{SVG}path") if n.get("fill") == "none")
    assert (path.count("M"), path.count("L")) == (2, 1)
    assert "2020\u00a0: 0" in tooltips(of_class(drawing, "svg__point"))


def test_a_point_of_another_unit_is_never_joined_and_its_warning_is_printed():
    points = (
        LinePoint(2023, Value(617)),
        LinePoint(2024, Value(430), "personnes, et non enquêtes"),
    )
    drawing = draw_lines([Line("", points)], title="t")
    path = next(n.get("d") for n in parsed(drawing).iter(f"{SVG}path") if n.get("fill") == "none")
    assert "L" not in path
    assert "(1) personnes, et non enquêtes" in shown(parsed(drawing))
    assert "430 (1)" in shown(parsed(drawing))


def test_no_line_crosses_a_break_of_the_series():
    points = tuple(LinePoint(year, Value(year - 2000)) for year in (2015, 2016, 2017))
    drawing = draw_lines([Line("", points)], title="t", breaks=[Break(2017, "autre définition")])
    path = next(n.get("d") for n in parsed(drawing).iter(f"{SVG}path") if n.get("fill") == "none")
    assert (path.count("M"), path.count("L")) == (2, 1)
    assert "Rupture de série 2017\u00a0: autre définition" in shown(parsed(drawing))


def test_a_history_without_any_year_is_refused_but_may_be_silent_throughout():
    with pytest.raises(ValueError, match="needs a year"):
        draw_lines([], title="t")
    drawing = draw_lines([], title="t", first=2020, last=2022)
    assert len(of_class(drawing, "svg__nodata")) == 3


def test_a_small_multiple_tells_silence_from_zero():
    drawing = draw_multiples(
        [Panel("Gao", (Value(None), Value(0), Value(8)))], ["2022", "2023", "2024"], title="t"
    )
    assert tooltips(of_class(drawing, "svg__nodata")) == ["Gao, 2022\u00a0: pas de données"]
    zero, eight = of_class(drawing, "svg__bar")
    assert float(zero[1].get("height")) < 2 < float(eight[1].get("height"))


# --- what each drawing says ------------------------------------------------------------------


def test_the_parts_of_a_total_never_pass_for_the_whole():
    """430 persons, 291 men and 113 women: 26 that nobody explained, and the bar says so."""
    drawing = some_bars(mode="stacked")
    assert "Pas de données\u00a0: Enfants. Non ventilé\u00a0: 26." in shown(parsed(drawing))
    assert "430" in shown(parsed(drawing))
    assert "404" not in drawing


def test_parts_that_explain_the_whole_need_no_reserve():
    bars = [Bar("Victimes", (Value(250), Value(42), Value(337)), Value(629))]
    series = (Series("Femmes"), Series("Hommes"), Series("Enfants"))
    drawing = draw_bars(bars, series, title="t", mode="stacked")
    assert "Non ventilé" not in drawing
    assert "629" in shown(parsed(drawing))


def test_a_label_such_as_more_than_is_printed_as_given():
    bars = [Bar("Personnes sensibilisées", (Value(36000, "plus de 36 000"),))]
    assert "plus de 36 000" in shown(parsed(draw_bars(bars, title="t")))


def test_a_bar_that_misses_a_series_is_refused():
    with pytest.raises(ValueError, match="1 values for 2 series"):
        draw_bars([Bar("Gao", (Value(1),))], (Series("Femmes"), Series("Hommes")), title="t")


@pytest.mark.parametrize("draw", [draw_map, draw_tiles])
def test_the_kayes_of_2019_is_not_drawn_on_the_map_of_today(draw):
    draw("2016", {"kayes": Value(3)}, title="t")
    draw("2023", {"kayes-2023": Value(3)}, title="t")
    with pytest.raises(ValueError, match="not in this layout: kayes"):
        draw("2023", {"kayes": Value(3)}, title="t")


def test_a_date_chooses_its_layout():
    days = ("2015-12-31", "2016-01-01", "2023-03-12", "2023-03-13")
    assert [layout_on(day) for day in days] == ["2015", "2016", "2016", "2023"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_region_has_one_tile_of_its_own(layout):
    grid = GRIDS[layout]
    assert set(grid) == set(approximate_boundaries(layout).names)
    assert len(set(grid.values())) == len(grid)


def test_bamako_is_enlarged_since_it_cannot_be_seen():
    root = parsed(draw_map("2023", {"bamako": Value(337)}, title="t"))
    circles = [float(n.get("r")) for n in root.iter(f"{SVG}circle")]
    assert max(circles) > 12
    assert {"Bamako", "337"} <= set(shown(root))


def test_approximate_boundaries_are_said_and_official_ones_are_not():
    square = {"type": "Polygon", "coordinates": [[[0, 12], [4, 12], [4, 16], [0, 16], [0, 12]]]}
    official = boundaries_of("2023", [("kita", "Kita", square)], approximate=False)
    assert "Limites approximatives" in shown(parsed(draw_map("2023", {}, title="t")))
    assert "Limites approximatives" not in draw_map(official, {"kita": Value(2)}, title="t")


def test_a_boundary_that_is_no_area_is_refused():
    line = {"type": "LineString", "coordinates": [[0, 12], [4, 12]]}
    with pytest.raises(ValueError, match="LineString"):
        boundaries_of("2023", [("kita", "Kita", line)], approximate=False)


def test_the_label_spot_of_every_region_lies_inside_it():
    for layout in LAYOUTS:
        for shape in approximate_boundaries(layout).shapes:
            assert shape.room > 0, shape.name


def test_a_status_is_told_by_its_sign_and_its_words_not_by_colour_alone():
    assert len({status.path for status in Status}) == len(Status)
    assert all(len(set(labels.values())) == len(Status) for labels in LABELS.values())
    row = MatrixRow("OIM", (Cell(Status.MISSING), Cell(Status.ACCEPTED, href="/r/1/")))
    drawing = draw_matrix(["T1", "T2"], [row], title="t")
    assert tooltips(of_class(drawing, "svg__missing")) == ["OIM, T1\u00a0: manquante"]
    assert said(drawing) == "OIM\u00a0: T1 manquante, T2 acceptée."


def test_a_matrix_row_that_misses_a_window_is_refused():
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        draw_matrix(["T1", "T2"], [MatrixRow("OIM", (Cell(Status.MISSING),))], title="t")


# --- classes, colours, texts -----------------------------------------------------------------


@given(st.lists(st.integers(0, 10**9) | st.none(), max_size=30))
def test_every_number_has_one_class_and_zero_and_silence_have_their_own(numbers):
    classes = classes_of([Value(n) for n in numbers], AXES[0])
    fills = {classes.fill(Value(n)) for n in numbers if n}
    assert fills <= set(classes.fills)
    assert len(classes.fills) == len(classes.limits) <= 5
    assert list(classes.limits) == sorted(set(classes.limits))
    if any(numbers):
        assert classes.limits[-1] == max(n for n in numbers if n)
    entries = classes.legend(FRENCH)
    assert ("0" in [label for _, label in entries]) == (0 in numbers)
    assert ("pas de données" in [label for _, label in entries]) == (None in numbers)


def test_class_limits_are_round():
    classes = classes_of([Value(n) for n in (1, 2, 3, 8, 12, 17, 45, 60, 88, 337)], AXES[0])
    assert classes.limits == (5, 20, 50, 100, 337)


@pytest.mark.parametrize("accent", AXES)
def test_text_reads_on_every_tint_with_the_contrast_of_wcag(accent):
    for n_classes in range(1, 6):
        for fill in ramp(accent, n_classes):
            assert contrast(ink_on(fill), fill) >= 4.5


@given(texts, st.floats(20, 300), st.floats(8, 30))
def test_wrapped_and_shortened_lines_fit(words, width, size):
    for line in wrap(words, width, size, at_most=3):
        assert text_width(line, size) <= width or len(line) <= 2
    short = shorten(words, width, size)
    assert text_width(short, size) <= width or len(short) <= 2


def test_a_negative_number_is_refused():
    with pytest.raises(ValueError, match="no negative number"):
        Value(-1)


def test_a_month_that_is_not_known_never_looks_like_an_empty_one():
    def year(sign: MonthSign) -> str:
        return draw_months([YearRow(2014, (MonthCell(sign, "mars 2014"),) * 12)], title="Mois")

    unknown, empty = year(MonthSign.UNKNOWN), year(MonthSign.NONE)
    assert fromstring(unknown).tag == f"{SVG}svg"
    assert "url(#hatch" in unknown
    assert "url(#hatch" not in empty
    assert "mars 2014\u00a0: non connu" in unknown
    assert "mars 2014\u00a0: aucune réunion" in empty


def test_a_year_has_twelve_months():
    with pytest.raises(ValueError, match="11 months"):
        draw_months([YearRow(2014, (MonthCell(MonthSign.HELD, "mars"),) * 11)], title="Mois")
