import pytest

from nlu.acts.templates import expand
from nlu.errors import PhrasesInvalid


@pytest.mark.parametrize(
    ("template", "sentences"),
    [
        ("hello", {"hello"}),
        ("(hi|hello) [there]", {"hi", "hello", "hi there", "hello there"}),
        ("show (me|us [all]) more", {"show me more", "show us more", "show us all more"}),
        ("{value} (please|)", {"{value}", "{value} please"}),
    ],
)
def test_expand_gives_every_sentence(template, sentences):
    assert set(expand(template)) == sentences


@pytest.mark.parametrize("template", ["(a|b", "a)", "[x", "x]"])
def test_expand_refuses_unbalanced_brackets(template):
    with pytest.raises(PhrasesInvalid, match="Unbalanced"):
        expand(template)
