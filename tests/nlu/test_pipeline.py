import subprocess
import sys

from nlu.annotations import Resources
from nlu.components.base import Component
from nlu.language import load_wordlists
from nlu.lexicon import build_lexicon
from nlu.pipeline import build_pipeline
from tests.nlu.shops import wine_vocabulary


def test_pipeline_gives_every_component_what_it_requires():
    wordlists = load_wordlists("en")
    nlp = build_pipeline(
        Resources(lexicon=build_lexicon(wine_vocabulary(), wordlists), wordlists=wordlists)
    )
    assert not any(nlp.analyze_pipes(keys=["requires", "assigns"])["problems"].values())
    assert all(isinstance(component, Component) for _, component in nlp.pipeline)


def test_importing_the_parser_loads_nothing_heavy():
    code = "import sys, nlu.parser; print(sorted({'spacy', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
