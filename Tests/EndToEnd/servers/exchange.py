"""What both transports of the steered server need to know of a message."""

import json

from behaviour import META


def era_of(message: dict) -> str:
    meta = (message.get("params") or {}).get("_meta") or {}
    return "modern" if META + "protocolVersion" in meta else "legacy"


def key(identifier: object) -> str:
    return json.dumps(identifier)


def wants(wanted: dict, method: str, params: dict) -> bool:
    if method == "notifications/resources/updated":
        return params["uri"] in wanted.get("resourceSubscriptions", [])
    if method == "notifications/tasks":
        return params["taskId"] in wanted.get("taskIds", [])
    kind = method.split("/")[1]
    return bool(wanted.get(f"{kind}ListChanged"))
