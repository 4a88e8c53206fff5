"""A tiny action server with the standard library: ``name: text`` has the intent ``name``; some texts break things."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if self.headers.get("Authorization") != "Bearer of this start":
            self.send_error(403)
            return
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = parse(body["text"]) if self.path == "/model/parse" else act(body)
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


def parse(text):
    if text == "parse hangs":
        time.sleep(20)
    if text == "parse breaks":
        return 500, {}
    name = text.split(": ")[0] if ": " in text else "open" if text == "\x01open" else "inform"
    return 200, {"text": text, "intent": {"name": name, "confidence": 1.0}, "entities": []}


def act(body):
    text = body["tracker"]["latest_message"]["text"]
    if text == "action hangs":
        time.sleep(20)
    if text == "action breaks":
        return 500, {}
    if text == "action says nothing":
        return 200, {"events": [], "responses": []}
    if text == "action answers nonsense":
        return 200, {"events": [{"nonsense": 1}], "responses": []}
    state = body["tracker"]["slots"].get("dialogue_state") or {"turn": 0}
    state["turn"] += 1
    reply = {"text": f"{state['turn']} {body['next_action']}", "size": len(json.dumps(body))}
    slot = {"event": "slot", "timestamp": None, "name": "dialogue_state", "value": state}
    return 200, {"events": [slot], "responses": [{"custom": {"reply": reply}}]}


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
