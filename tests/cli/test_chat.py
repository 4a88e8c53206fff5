"""The conversation in the terminal, without an assistant behind it."""

import httpx
import pytest
import typer

from assistant.cli import chat

REPLY = {
    "text": "Which colour [bold]do[/] you like?",
    "question": {
        "options": [
            {"choice_id": "c1", "label": "red", "count": 3, "kind": "value"},
            {"choice_id": "c2", "label": "I don't mind", "count": 9, "kind": "any"},
        ]
    },
    "products": [
        {
            "title": "Chair [x]",
            "price": {"amount": "19.90", "currency": "EUR"},
            "why": "It is red.",
        },
        {"title": "Stool", "price": None, "why": ""},
    ],
    "suggestions": [{"choice_id": "c3", "label": "Show me more"}],
}


def test_a_reply_shows_products_and_numbered_answers(capsys):
    assert chat.show(REPLY) == ["c1", "c2", "c3"]
    shown = capsys.readouterr().out
    for part in (
        "Which colour [bold]do[/] you like?",
        "Chair [x]",
        "19.90 EUR",
        "1 red (3)",
        "2 I don't mind",
        "3 Show",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("1", {"choice_id": "c1"}),
        ("3", {"choice_id": "c3"}),
        ("4", {"text": "4"}),
        ("0", {"text": "0"}),
        ("under 20", {"text": "under 20"}),
        ("/restart", {"text": "/restart"}),
    ],
)
def test_numbers_of_answers_are_answers_and_all_else_is_text(line, body):
    assert chat.message(line, ["c1", "c2", "c3"]) == body


def test_a_whole_conversation(monkeypatch, capsys):
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        import json

        body = json.loads(request.content)
        seen.append(body.get("text") or body.get("choice_id"))
        if request.url.path == "/api/conversations":
            return httpx.Response(201, json={"conversation_id": "7", "token": "t", "reply": REPLY})
        assert request.headers["Authorization"] == "Bearer t"
        return httpx.Response(200, json={**REPLY, "text": f"So: {seen[-1]}"})

    client = httpx.Client
    transport = httpx.MockTransport(answer)
    monkeypatch.setattr(chat.httpx, "Client", lambda **kw: client(transport=transport, **kw))
    monkeypatch.setattr("sys.stdin", iter_input("a red one\n\n2\nquit\nnever\n"))
    chat._talk("http://shop")
    assert seen == [None, "a red one", "c2"]
    assert "So: c2" in capsys.readouterr().out


def test_a_problem_is_one_line(monkeypatch, capsys):
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"title": "Slow down", "detail": "Too many conversations."})

    with (
        httpx.Client(base_url="http://shop", transport=httpx.MockTransport(answer)) as client,
        pytest.raises(typer.Exit),
    ):
        chat._sent(client, "/api/conversations", {})
    assert capsys.readouterr().err.strip() == "Too many conversations."


def iter_input(text: str):
    import io

    return io.StringIO(text)
