"""Libraries the engine does without; the module is plain Python, so it is tried out here."""

import subprocess
import sys
from pathlib import Path

import pytest

DIALOGUE = Path(__file__).resolve().parents[2] / "assistant" / "dialogue"
USE = """
import sys
sys.path.insert(0, {folder!r})
from pathlib import Path
import lean_start
lean_start.leave_out(Path({config!r}))
import tensorflow as tf
import tensorflow.keras.layers
from keras.utils import Sequence
from pymongo.errors import OperationFailure

class Model(tf.keras.Model):
    @tf.function
    def call(self, x: tf.Tensor) -> "tf.Tensor":
        return x

try:
    raise ValueError("other")
except OperationFailure:
    print("wrong")
except ValueError:
    print("caught")
try:
    Model()
except RuntimeError as error:
    print(error)
"""


def run(config: Path) -> subprocess.CompletedProcess:
    code = USE.format(folder=str(DIALOGUE), config=str(config))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_placeholders_can_be_named_and_inherited_but_not_used():
    lines = run(DIALOGUE / "config.yml").stdout.splitlines()
    assert lines[0] == "caught"
    assert "ASSISTANT_ENGINE_FULL=1" in lines[1]


@pytest.mark.parametrize("component", ["TEDPolicy", "DIETClassifier", "my.own.Policy"])
def test_a_component_that_learns_gets_the_real_library(tmp_path, component):
    config = tmp_path / "config.yml"
    config.write_text(f"policies:\n  - name: RulePolicy\n  - name: {component}\n")
    found = run(config)
    assert found.returncode != 0
    assert "tensorflow" in found.stderr
