"""The official JSON Schemas, where ../shared/mcp-schema is there; without it nothing is judged."""

import functools
import json

import jsonschema

from .places import MODERN_VERSION, SHARED

PLACE = SHARED / "mcp-schema"
EXTENSION_METHODS = {"tasks/get", "tasks/update", "tasks/cancel", "notifications/tasks"}
OTHER_RESULTS = {"input_required": "InputRequiredResult", "task": "Result"}
ERRORS = {
    -32020: "HeaderMismatchError",
    -32021: "MissingRequiredClientCapabilityError",
    -32022: "UnsupportedProtocolVersionError",
}
EMPTY = {"PingRequest", "SetLevelRequest", "SubscribeRequest", "UnsubscribeRequest"}


def available() -> bool:
    return PLACE.is_dir()


@functools.cache
def definitions(version: str) -> tuple[str, dict]:
    schema = json.loads((PLACE / f"{version}.json").read_text())
    key = "$defs" if "$defs" in schema else "definitions"
    return key, schema[key] | numbers(schema[key])


def numbers(found: dict) -> dict:
    """ElicitResult with any number in an accepted form, as the specification says; schemas want integers."""
    if "ElicitResult" not in found:
        return {}
    return {"ElicitResult": json.loads(json.dumps(found["ElicitResult"]).replace('"integer"', '"number"'))}


@functools.cache
def validator(version: str, name: str) -> jsonschema.protocols.Validator:
    key, found = definitions(version)
    kind = jsonschema.Draft202012Validator if key == "$defs" else jsonschema.Draft7Validator
    return kind({key: found, "$ref": f"#/{key}/{name}"})


@functools.cache
def names_by_method(version: str) -> dict[str, str]:
    """The definition of each method's message, by the constant that its `method` has."""
    found = {}
    for name, definition in definitions(version)[1].items():
        method = definition.get("properties", {}).get("method", {}).get("const")
        if method is not None:
            found[method] = name
    return found


def result_name(version: str, method: str) -> str | None:
    request = names_by_method(version).get(method)
    if request is None:
        return None
    return "EmptyResult" if request in EMPTY else request.removesuffix("Request") + "Result"


def check(version: str, name: str, value: object) -> None:
    error = jsonschema.exceptions.best_match(validator(version, name).iter_errors(value))
    assert error is None, (
        f"not a {name} of {version}: {error.message} at {error.json_path}\n{json.dumps(value)[:2000]}"
    )


def check_message(version: str, message: object, method: str | None = None) -> None:
    """Judges a message of the gateway; `method` is that of the request which a response answers."""
    if not available():
        return
    if isinstance(message, list):
        for item in message:
            check_message(version, item, method)
        return
    assert isinstance(message, dict) and message.get("jsonrpc") == "2.0", f"no JSON-RPC message: {message!r}"
    if "method" in message:
        name = names_by_method(version).get(message["method"])
        if version == MODERN_VERSION and message["method"] in EXTENSION_METHODS:
            name = "JSONRPCRequest" if "id" in message else "JSONRPCNotification"
        assert name is not None, f"{message['method']} is not a method of {version}"
        check(version, name, message)
    elif "result" in message:
        name = OTHER_RESULTS.get(message["result"].get("resultType")) or (
            result_name(version, method) if method else None
        )
        if name == "CallToolResult" and version == "2025-11-25" and "task" in message["result"]:
            name = "CreateTaskResult"
        check(version, name or "Result", message["result"])
    else:
        legacy_name = (
            "JSONRPCErrorResponse" if "JSONRPCErrorResponse" in definitions(version)[1] else "JSONRPCError"
        )
        if message.get("id") is not None:
            check(version, legacy_name, message)
        if version == MODERN_VERSION and message["error"]["code"] in ERRORS:
            check(version, ERRORS[message["error"]["code"]], message)


ANSWERS = {
    "sampling/createMessage": "CreateMessageResult",
    "elicitation/create": "ElicitResult",
    "roots/list": "ListRootsResult",
    "ping": "EmptyResult",
}


def check_answer(version: str, method: str, result: object) -> None:
    """Judges what a client answers to a request of a server."""
    if available():
        check(version, ANSWERS[method], result)


def check_sent_to_server(version: str, message: dict) -> None:
    """Judges what the gateway wrote to a server; its answers to pings are results without a method."""
    if available() and "method" in message:
        check_message(version, message)
