"""How a server gets something from its client in mid-request.

In the handshake revisions it sends requests of its own and waits; in the modern revision it answers
`input_required` and is called again with what it asked for and with the state it gave.
"""

import base64
import hashlib
import hmac
import itertools
import json
import queue
import secrets
import threading

from behaviour import Call, RPCError
from exchange import key

CAPABILITY = {
    "sampling/createMessage": "sampling",
    "elicitation/create": "elicitation",
    "roots/list": "roots",
}
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list}
SECRET = secrets.token_bytes(32)
PATIENCE_SECONDS = 25


class Refused(Exception):
    """The client answered a request of the server with an error, or not at all."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class InputRequired(Exception):
    """Ends a modern request with questions."""

    def __init__(self, requests: dict, state: str | None) -> None:
        super().__init__()
        self.requests, self.state = requests, state

    def result(self) -> dict:
        asked = {
            name: {"method": method, "params": params} for name, (method, params) in self.requests.items()
        }
        result: dict = {"resultType": "input_required", "inputRequests": asked}
        return result if self.state is None else result | {"requestState": self.state}


class Counterpart:
    """The client of a handshake session, as its server sees it."""

    def __init__(self) -> None:
        self.capabilities: dict = {}
        self.level: str | None = None
        self.subscribed: set[str] = set()
        self.calls: dict[str, Call] = {}
        self.pending: dict[str, queue.Queue] = {}
        self.identifiers = itertools.count(1)
        self.lock = threading.Lock()

    def send(self, call: Call, method: str, params: dict) -> queue.Queue:
        identifier = f"asked-{next(self.identifiers)}"
        answer: queue.Queue = queue.Queue()
        with self.lock:
            self.pending[key(identifier)] = answer
        message = {"jsonrpc": "2.0", "id": identifier, "method": method}
        call.notify.message(message | {"params": params} if params else message)
        return answer

    def answered(self, message: dict) -> bool:
        """Takes a response; false if nothing was asked under its id."""
        with self.lock:
            waiting = self.pending.pop(key(message.get("id")), None)
        if waiting is not None:
            waiting.put(message)
        return waiting is not None


def received(answer: queue.Queue) -> dict:
    try:
        message = answer.get(timeout=PATIENCE_SECONDS)
    except queue.Empty:
        raise Refused(-1, "no answer came") from None
    if "error" in message:
        raise Refused(message["error"]["code"], message["error"]["message"])
    return message["result"]


def sealed(call: Call, content: dict) -> str:
    """A state that only this process can have made, for this tool or prompt."""
    raw = json.dumps([call.params.get("name"), content]).encode()
    mark = hmac.new(SECRET, raw, hashlib.sha256).hexdigest()
    return base64.urlsafe_b64encode(raw).decode() + "." + mark


def unsealed(call: Call) -> dict:
    state = call.params.get("requestState")
    if state is None:
        return {}
    try:
        body, mark = state.rsplit(".", 1)
        raw = base64.urlsafe_b64decode(body)
        name, content = json.loads(raw)
    except ValueError:
        raise RPCError(-32602, "Invalid requestState") from None
    expected = hmac.new(SECRET, raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(mark, expected) or name != call.params.get("name"):
        raise RPCError(-32602, "Invalid requestState")
    return content


def fits(method: str, params: dict, answer: object) -> bool:
    """Whether an answer can be used; an accepted form needs the members of its schema."""
    if not isinstance(answer, dict):
        return False
    if method == "roots/list":
        return isinstance(answer.get("roots"), list)
    if method == "sampling/createMessage":
        return "content" in answer and "role" in answer
    if answer.get("action") != "accept" or "requestedSchema" not in params:
        return answer.get("action") in ("accept", "decline", "cancel")
    schema, content = params["requestedSchema"], answer.get("content") or {}
    return all(name in content for name in schema.get("required", [])) and all(
        isinstance(content[name], TYPES[kind["type"]])
        for name, kind in schema["properties"].items()
        if name in content
    )


def declared(call: Call, method: str, params: dict) -> bool:
    mine = call.capabilities.get(CAPABILITY[method])
    return mine is not None and (params.get("mode") != "url" or "url" in mine)


def ask_all(call: Call, requests: dict, stateful: bool = False) -> dict:
    """The answers to several questions, each under its name.

    A handshake session is asked whatever it declared, as the SDK of that era does; a modern one only for
    what its request declares.
    """
    if call.era == "legacy":
        waiting = {name: call.counterpart.send(call, *asked) for name, asked in requests.items()}
        return {name: received(answer) for name, answer in waiting.items()}
    lacking = {
        CAPABILITY[method]: {"url": {}} if params.get("mode") == "url" else {}
        for method, params in requests.values()
        if not declared(call, method, params)
    }
    if lacking:
        raise RPCError(-32021, "Missing required client capability", {"requiredCapabilities": lacking})
    given = unsealed(call) | (call.params.get("inputResponses") or {})
    missing = {name: asked for name, asked in requests.items() if not fits(*asked, given.get(name))}
    if missing:
        kept = {name: value for name, value in given.items() if name not in missing}
        raise InputRequired(missing, sealed(call, kept) if stateful else None)
    return {name: given[name] for name in requests}


def ask(call: Call, name: str, method: str, params: dict, stateful: bool = False) -> dict:
    return ask_all(call, {name: (method, params)}, stateful)[name]


def form(message: str, properties: dict, required: list | None = None) -> tuple[str, dict]:
    schema = {"type": "object", "properties": properties}
    if required is None or required:
        schema["required"] = list(properties) if required is None else required
    return "elicitation/create", {"message": message, "requestedSchema": schema}


def sampling(prompt: str, tokens: int = 100) -> tuple[str, dict]:
    message = {"role": "user", "content": {"type": "text", "text": prompt}}
    return "sampling/createMessage", {"messages": [message], "maxTokens": tokens}


ROOTS = ("roots/list", {})
