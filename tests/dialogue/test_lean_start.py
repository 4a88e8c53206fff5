"""Libraries the engine does without; the module is plain Python, so it is tried out here."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DIALOGUE = Path(__file__).resolve().parents[2] / "assistant" / "dialogue"
sys.path.insert(0, str(DIALOGUE))
from lean_start import LEFT_OUT  # noqa: E402

USE = """
import sys
sys.path.insert(0, {folder!r})
import lean_start
lean_start.leave_out()
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


def test_placeholders_can_be_named_and_inherited_but_not_used():
    code = USE.format(folder=str(DIALOGUE))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    assert lines[0] == "caught"
    assert "assistant/dialogue/pyproject.toml" in lines[1]


@pytest.mark.parametrize("component", ["TEDPolicy", "DIETClassifier", "my.own.Policy"])
def test_a_component_that_learns_is_refused_by_name(tmp_path, component):
    for name in ("engine_main.py", "lean_start.py"):
        shutil.copy(DIALOGUE / name, tmp_path)
    (tmp_path / "config.yml").write_text(
        f"policies:\n  - name: RulePolicy\n  - name: {component}\n"
    )
    command = [sys.executable, "engine_main.py", "train", "--out", "x"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert run.stderr.startswith(f"config.yml names {component}. Allowed: ")
    assert "RulePolicy" in run.stderr


def test_what_is_left_out_is_not_installed_either():
    """One list says what stays out of the environment, the other answers the imports of it."""
    text = (DIALOGUE / "pyproject.toml").read_text()
    packages = set(re.findall(r'"([\w-]+) ; sys_platform == \'never\'"', text))
    modules = {"scikit-learn": "sklearn", "confluent-kafka": "confluent_kafka"}
    modules |= {"psycopg2-binary": "psycopg2", "google-auth": "google"}
    modules |= {"rocketchat-api": "rocketchat_API", "python-socketio": "socketio"}
    modules |= {"python-engineio": "engineio"}
    missing = {modules.get(name, name.replace("-", "_")) for name in packages} - LEFT_OUT
    assert {name for name in missing if not name.startswith("tensorflow_")} == set()
