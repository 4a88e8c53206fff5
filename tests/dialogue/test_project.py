"""The engine's project files, read as data: every intent leads somewhere, and no rule ends a conversation."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from assistant.advisor.types import Move

DIALOGUE = Path(__file__).resolve().parents[2] / "assistant" / "dialogue"
INTENTS = [
    "greet",
    "goodbye",
    "thank",
    "affirm",
    "deny",
    "dont_care",
    "dont_know",
    "inform",
    "critique",
    "more_options",
    "compare",
    "product_question",
    "catalog_question",
    "ask_why",
    "explain_term",
    "select",
    "add_to_cart",
    "remove_from_cart",
    "show_cart",
    "checkout",
    "undo",
    "start_over",
    "repeat",
    "help",
    "handoff",
    "the_usual",
    "gift",
    "order_status",
    "shop_info",
    "praise",
    "complaint",
    "bot_challenge",
    "out_of_scope",
]
OURS = ["remember", "show_profile", "forget_profile", "open", "choose", "nlu_fallback"]


def read(path: Path) -> dict:
    return YAML(typ="safe").load(path.read_text("utf-8"))


def rules() -> dict[str, list[str]]:
    """Intent -> the actions it leads to."""
    found: dict[str, list[str]] = {}
    for path in sorted((DIALOGUE / "rules").glob("*.yml")):
        for rule in read(path)["rules"]:
            intents = [step["intent"] for step in rule["steps"] if "intent" in step]
            assert len(intents) == 1, f"{rule['rule']}: one user turn each"
            found.setdefault(intents[0], []).extend(
                step["action"] for step in rule["steps"] if "action" in step
            )
    return found


def test_every_intent_has_exactly_one_rule():
    declared = [next(iter(one)) for one in read(DIALOGUE / "domain" / "intents.yml")["intents"]]
    assert sorted(declared) == sorted(INTENTS + OURS)
    assert {intent: len(actions) for intent, actions in rules().items()} == dict.fromkeys(
        declared, 1
    )


def test_rules_lead_to_moves_and_every_move_is_reached():
    reached = {action for actions in rules().values() for action in actions}
    assert reached == {f"action_{move.value}" for move in Move}
    assert reached == set(read(DIALOGUE / "domain" / "actions.yml")["actions"])


@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback"])
def test_what_is_not_understood_is_answered(intent):
    assert rules()[intent] == ["action_out_of_scope"]


def test_a_conversation_never_expires():
    session = read(DIALOGUE / "domain" / "session.yml")["session_config"]
    assert session == {"session_expiration_time": 0, "carry_over_slots_to_new_session": True}


def test_rules_alone_decide():
    config = read(DIALOGUE / "config.yml")
    assert [policy["name"] for policy in config["policies"]] == ["RulePolicy"]
    assert config["pipeline"] == []
