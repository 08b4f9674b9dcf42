"""A document comes back from JSON the same, and its fingerprint sees any change."""

import dataclasses
import json

import pytest

from danbe.reports.document import SCHEMA, Document, canonical, digest, from_json, to_json
from danbe.reports.history import ADDRESS


def test_a_document_comes_back_from_json_the_same(document: Document):
    assert from_json(json.loads(json.dumps(to_json(document)))) == document


def test_a_document_of_another_schema_is_refused(document: Document):
    with pytest.raises(ValueError, match="danbe/report/1"):
        from_json({**to_json(document), "schema": "danbe/report/0"})


def test_the_fingerprint_does_not_depend_on_the_order_of_keys(document: Document):
    told = to_json(document)
    turned = dict(reversed(list(told.items())))
    assert digest(turned) == digest(told)
    assert json.loads(canonical(told)) == told


def test_the_fingerprint_sees_one_figure_change(document: Document):
    first = dataclasses.replace(document.figures[0], value=630)
    altered = dataclasses.replace(document, figures=(first, *document.figures[1:]))
    assert digest(to_json(altered)) != digest(to_json(document))


def test_the_schema_is_stable(document: Document):
    """Programs read this: a change here is a new schema, and an entry in the changelog."""
    told = to_json(document)
    assert told["schema"] == SCHEMA == "danbe/report/1"
    assert list(told) == [
        "schema", "kind", "year", "window", "title", "subtitle", "body", "extracted_on", "n_due",
        "n_received", "n_accepted", "chapters", "figures", "definitions", "sources", "notice",
    ]  # fmt: skip
    assert set(told["figures"][0]) == {
        "key", "definition", "label", "unit", "window", "value", "at_least", "place", "by",
        "part", "sources", "note",
    }  # fmt: skip
    assert set(told["sources"][0]) == {
        "id", "kind", "title", "detail", "dates", "addresses", "returns"
    }  # fmt: skip


def test_an_address_keeps_its_commas_and_loses_the_full_stop_after_it():
    text = "http://www.refworld.org/publisher,USDOS,,MLI,5959ec9013,0.html ; https://amap.ml/?p=29074."
    assert ADDRESS.findall(text) == [
        "http://www.refworld.org/publisher,USDOS,,MLI,5959ec9013,0.html",
        "https://amap.ml/?p=29074",
    ]
