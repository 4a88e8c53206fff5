"""What an action makes of a turn."""

import time

import pytest
import shop_of_fakes as fakes
from rasa_sdk.executor import ActionExecutor

from assistant.advisor.types import Move, ProfileChange
from nlu.serialize import parsed_to_json


@pytest.fixture
def executor():
    executor = ActionExecutor()
    executor.register_package("actions.moves")
    return executor


def entity(text: str) -> dict:
    return {"entity": "message", "value": parsed_to_json(fakes.Parser().parse(text))}


async def test_a_wish_reaches_the_advisor_and_its_reply_the_shopper(executor):
    parts = fakes.install()
    result = await executor.run(fakes.call("action_advise", "a red one", [entity("a red one")]))
    turn = parts.advisor.turns[0]
    assert turn["move"] is Move.ADVISE
    assert turn["message"].text == "a red one"
    assert result.responses[0]["custom"]["reply"]["text"] == "turn 1"


async def test_the_conversation_goes_on_from_the_slot(executor):
    fakes.install()
    first = await executor.run(fakes.call("action_open", "\x01open", []))
    state = first.events[0]["value"]
    assert first.events[0]["name"] == "dialogue_state"
    second = await executor.run(fakes.call("action_advise", "red", [entity("red")], state=state))
    assert second.responses[0]["custom"]["reply"]["text"] == "turn 2"


async def test_a_quick_reply_is_passed_on_by_its_id(executor):
    parts = fakes.install()
    choice = {"entity": "choice", "value": "c7"}
    await executor.run(fakes.call("action_choose", "\x01choice c7", [choice]))
    assert parts.advisor.turns[0]["choice_id"] == "c7"
    assert parts.advisor.turns[0]["message"] is None


async def test_the_profile_is_used_with_consent(executor):
    parts = fakes.install()
    metadata = {"shopper_id": "ann", "consent": True}
    await executor.run(fakes.call("action_advise", "hi", [entity("hi")], metadata=metadata))
    assert parts.advisor.turns[0]["profile"].constraints == (fakes.VEGAN,)
    assert parts.advisor.turns[0]["may_remember"] is True


@pytest.mark.parametrize(
    "metadata",
    [{}, {"shopper_id": "ann", "consent": False}, {"shopper_id": "ann", "consent": "yes"}],
    ids=["stranger", "no consent", "no clear consent"],
)
async def test_without_consent_nothing_is_used_or_kept(executor, metadata):
    change = ProfileChange(remember=(fakes.VEGAN,))
    parts = fakes.install(advisor=fakes.Advisor(change=change))
    await executor.run(fakes.call("action_advise", "hi", [entity("hi")], metadata=metadata))
    assert parts.advisor.turns[0]["profile"] is None
    assert parts.advisor.turns[0]["may_remember"] is False
    assert parts.shoppers.calls == []


async def test_what_was_learnt_is_written_before_it_is_said(executor):
    change = ProfileChange(remember=(fakes.VEGAN,), forget=("budget",))
    parts = fakes.install(advisor=fakes.Advisor(change=change))
    metadata = {"shopper_id": "ann", "consent": True}
    await executor.run(fakes.call("action_advise", "I'm vegan", [], metadata=metadata))
    assert parts.shoppers.calls == [
        ("forget", "ann", ("budget",)),
        ("remember", "ann", (fakes.VEGAN,)),
    ]


async def test_an_advisor_that_fails_is_not_a_reply(executor):
    fakes.install(advisor=fakes.Advisor(error=KeyError("boom")))
    with pytest.raises(KeyError):
        await executor.run(fakes.call("action_advise", "hi", [entity("hi")]))


async def test_an_advisor_that_hangs_is_given_up(executor):
    class Slow(fakes.Advisor):
        def take_turn(self, state, **turn):
            time.sleep(0.3)
            return super().take_turn(state, **turn)

    fakes.install(advisor=Slow(), seconds=0.05)
    with pytest.raises(TimeoutError):
        await executor.run(fakes.call("action_advise", "hi", [entity("hi")]))
