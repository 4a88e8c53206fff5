"""Structures written as text inside a cell."""

from __future__ import annotations

import pytest

from catalog.parsing.nested import entry_names, pairs_of, structure


@pytest.mark.parametrize(
    "text",
    [
        '{"Fabric": "Cotton", "Fit": "Slim"}',
        "{'Fabric': 'Cotton', 'Fit': 'Slim'}",
        '{"specs"=>[{"key"=>"Fabric", "value"=>"Cotton"}, {"key"=>"Fit", "value"=>"Slim"}]}',
        '{:Fabric=>"Cotton", :Fit=>"Slim", :Care=>nil}',
        "[{'name': 'Fabric', 'value': 'Cotton'}, {'name': 'Fit', 'value': 'Slim'}]",
        '{"General": {"Fabric": "Cotton"}, "Cut": {"Fit": "Slim", "Care": null}}',
    ],
    ids=["json", "python", "ruby", "ruby symbols", "named values", "in groups"],
)
def test_structure_written_as_text_names_its_facts(text):
    assert pairs_of(structure(text)) == [("Fabric", "Cotton"), ("Fit", "Slim")]


def test_structure_leaves_out_values_without_a_name_and_names_without_a_value():
    text = '[{"key"=>"Type", "value"=>"Ring"}, {"value"=>"Gold"}, {"key"=>"Size", "value"=>nil}]'
    assert pairs_of(structure(text)) == [("Type", "Ring")]


@pytest.mark.parametrize(
    "text", ["", "Cotton", "{broken", "[1, 2", "{'a': print(1)}", "[" * 40_000]
)
def test_structure_of_other_text_is_none(text):
    assert structure(text) is None


def test_entry_names_are_what_objects_are_called():
    assert entry_names([{"hex_value": "#000", "colour_name": "Black "}]) == ("Black",)
    assert entry_names(["Vegan", None, 3]) == ("Vegan", "3")
    assert entry_names([{"x": 1}]) is None
