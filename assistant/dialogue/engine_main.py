"""Start or train the dialogue engine.

``python engine_main.py serve --port 5005 --model FILE`` or ``python engine_main.py train --out FILE``: the same as
``rasa run`` and ``rasa train core`` in this folder, less what they import and a shop never uses.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """Read the command line and do what it says; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve_command = commands.add_parser("serve", help="answer on 127.0.0.1")
    serve_command.add_argument("--port", type=int, required=True)
    serve_command.add_argument("--model", type=Path, required=True)
    train_command = commands.add_parser("train", help="train the rules into a model file")
    train_command.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    _prepare()
    if options.command == "train":
        return train(options.out.resolve())
    return serve(options.port, options.model.resolve())


def _prepare() -> None:
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SANIC_ACCESS_LOG", "false")
    os.chdir(FOLDER)
    sys.path.insert(0, str(FOLDER))
    warnings.simplefilter("ignore")
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("shop_channel").setLevel(logging.INFO)
    import lean_start

    learning = lean_start.learning_components(FOLDER / "config.yml")
    if learning:
        sys.exit(
            f"config.yml names {', '.join(learning)}. Allowed: {', '.join(sorted(lean_start.LOOKS_UP))}; "
            "what learns needs libraries that this environment leaves out (pyproject.toml)."
        )
    lean_start.leave_out()


def serve(port: int, model: Path) -> int:
    """Answer turns until stopped."""
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    serve_application(
        model_path=str(model),
        interface="127.0.0.1",
        port=port,
        credentials="credentials.yml",
        enable_api=False,
        endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"),
    )
    return 0


def train(out: Path) -> int:
    """Train the rules and put the model at ``out``; it appears there only when it is whole."""
    from rasa.model_training import train_core
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        os.environ.setdefault("RASA_CACHE_DIRECTORY", folder)
        trained = train_core(
            "domain", "config.yml", "rules", output=folder, fixed_model_name="rules"
        )
        if not trained:
            return 1
        os.replace(trained, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
