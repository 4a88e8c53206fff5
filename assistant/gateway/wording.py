"""The few sentences the gateway says itself, read from ``wording/<language>.yml``."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from assistant.gateway.errors import GatewayError

FOLDER = Path(__file__).with_name("wording")
FALLBACK = "en"


class GatewayWording:
    """Sentences by language and key; a language without a file uses English.

    Args:
        folder: where the files are; each names every key that the English one has.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        reader = YAML(typ="safe", pure=True)
        self._sentences: dict[str, dict[str, str]] = {
            file.stem: dict(reader.load(file)) for file in sorted(folder.glob("*.yml"))
        }
        wanted = set(self._sentences.get(FALLBACK, ()))
        for language, sentences in self._sentences.items():
            if missing := wanted - set(sentences):
                raise GatewayError(
                    f"{folder / language}.yml lacks {', '.join(sorted(missing))}; add the sentences."
                )

    def say(self, key: str, locale: str, **values: object) -> str:
        """The sentence in the language of ``locale`` ("de", "de-AT"), with its values put in."""
        sentences = self._sentences.get(locale.replace("_", "-").split("-")[0].lower())
        return (sentences or self._sentences[FALLBACK])[key].format(**values)
