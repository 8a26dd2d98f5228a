"""The fixture server: the steered server with the tools, resources and prompts of the public suite."""

import json
import re

import everything_tools
from asking import InputRequired, ask, form
from behaviour import Behaviour, Call, RPCError
from media import IMAGE
from tasks import EXTENSION, Tasks

STATIC = [
    ("test://static-text", "static-text", "text/plain"),
    ("test://static-binary", "static-binary", "image/png"),
    ("test://watched-resource", "watched-resource", "text/plain"),
]
TEMPLATE = re.compile(r"test://template/([^/]+)/data")
PROMPTS: dict[str, list[tuple[str, bool]]] = {
    "test_simple_prompt": [],
    "test_prompt_with_arguments": [("arg1", True), ("arg2", True)],
    "test_prompt_with_embedded_resource": [("resourceUri", True)],
    "test_prompt_with_image": [],
    "test_input_required_result_prompt": [],
}


def user(content: dict) -> dict:
    return {"role": "user", "content": content}


def text(value: str) -> dict:
    return {"type": "text", "text": value}


class Everything(Behaviour):
    def __init__(self, arguments) -> None:
        super().__init__(arguments, everything_tools)
        self.tasks = Tasks(self)

    def capabilities(self) -> dict:
        extensions = {} if self.arguments.era == "legacy" else {"extensions": {EXTENSION: {}}}
        return super().capabilities() | extensions

    def on_initialize(self, call: Call) -> dict:
        result = super().on_initialize(call)
        result["capabilities"].pop("extensions", None)
        if result["protocolVersion"] == "2025-11-25":
            result["capabilities"]["tasks"] = {"list": {}, "cancel": {}, "requests": {"tools": {"call": {}}}}
        return result

    def answer(self, call: Call) -> dict | bytes:
        try:
            return super().answer(call)
        except InputRequired as required:
            return self.finished(required.result(), call)

    # Lists

    def on_tools_list(self, call: Call) -> dict:
        added = [
            everything_tools.tool(f"added{number}", "Came later.") for number in range(self.changes["tools"])
        ]
        tools = everything_tools.TOOLS + added
        if self.arguments.invalid_headers:
            tools = tools + everything_tools.INVALID
        if self.arguments.canary:
            tools = tools + [everything_tools.referring(self.arguments.canary)]
        if call.era == "modern":  # The member went away with the core tasks.
            tools = [{name: value for name, value in tool.items() if name != "execution"} for tool in tools]
        return self.page(call, "tools", tools)

    def on_resources_list(self, call: Call) -> dict:
        items = [{"uri": uri, "name": name, "mimeType": kind} for uri, name, kind in STATIC]
        added = [
            {"uri": f"test://added{number}", "name": f"added{number}"}
            for number in range(self.changes["resources"])
        ]
        return self.page(call, "resources", items + added)

    def on_resources_templates_list(self, call: Call) -> dict:
        template = {
            "uriTemplate": "test://template/{id}/data",
            "name": "template",
            "mimeType": "application/json",
        }
        return self.page(call, "resourceTemplates", [template])

    def on_prompts_list(self, call: Call) -> dict:
        prompts = [
            {
                "name": name,
                "description": f"The prompt {name}.",
                "arguments": [{"name": item, "required": required} for item, required in arguments],
            }
            for name, arguments in PROMPTS.items()
        ]
        added = [{"name": f"added{number}"} for number in range(self.changes["prompts"])]
        return self.page(call, "prompts", prompts + added)

    # Resources

    def on_resources_read(self, call: Call) -> dict:
        uri = call.params.get("uri", "")
        result = {"contents": [{"uri": uri} | self.content(call, uri)]}
        if call.era == "modern":
            result |= {"ttlMs": self.arguments.ttl, "cacheScope": self.arguments.cache_scope}
        return result

    def content(self, call: Call, uri: str) -> dict:
        if uri == "test://static-text":
            return {"mimeType": "text/plain", "text": "The text of the static resource."}
        if uri == "test://static-binary":
            return {"mimeType": "image/png", "blob": IMAGE}
        if uri == "test://watched-resource":
            return {"mimeType": "text/plain", "text": f"Watched, version {self.calls}."}
        if match := TEMPLATE.fullmatch(uri):
            data = {"id": match[1], "templateTest": True, "data": f"Data for ID: {match[1]}"}
            return {"mimeType": "application/json", "text": json.dumps(data)}
        raise RPCError(-32602 if call.era == "modern" else -32002, "Resource not found", {"uri": uri})

    def on_resources_subscribe(self, call: Call) -> dict:
        call.counterpart.subscribed.add(call.params["uri"])
        return {}

    def on_resources_unsubscribe(self, call: Call) -> dict:
        call.counterpart.subscribed.discard(call.params["uri"])
        return {}

    # Prompts and completion

    def on_prompts_get(self, call: Call) -> dict:
        name, arguments = call.params.get("name"), call.params.get("arguments") or {}
        if name not in PROMPTS:
            raise RPCError(-32602, f"Unknown prompt: {name}")
        missing = [item for item, required in PROMPTS[name] if required and item not in arguments]
        if missing:
            raise RPCError(-32602, f"Missing arguments: {', '.join(missing)}")
        return {"messages": getattr(self, name.removeprefix("test_"))(call, arguments)}

    def simple_prompt(self, call: Call, arguments: dict) -> list:
        return [user(text("This is a simple prompt for testing."))]

    def prompt_with_arguments(self, call: Call, arguments: dict) -> list:
        return [user(text(f"Prompt with arguments: arg1='{arguments['arg1']}', arg2='{arguments['arg2']}'"))]

    def prompt_with_embedded_resource(self, call: Call, arguments: dict) -> list:
        resource = {
            "uri": arguments["resourceUri"],
            "mimeType": "text/plain",
            "text": "Embedded for testing.",
        }
        return [
            user({"type": "resource", "resource": resource}),
            user(text("Please process the resource above.")),
        ]

    def prompt_with_image(self, call: Call, arguments: dict) -> list:
        image = {"type": "image", "data": IMAGE, "mimeType": "image/png"}
        return [user(image), user(text("Please look at the image above."))]

    def input_required_result_prompt(self, call: Call, arguments: dict) -> list:
        asked = form("What context should the prompt use?", {"context": {"type": "string"}})
        answer = ask(call, "user_context", *asked)
        return [user(text(f"Use this context: {(answer.get('content') or {}).get('context')}"))]

    def on_completion_complete(self, call: Call) -> dict:
        reference, start = call.params["ref"], call.params["argument"]["value"]
        if reference["type"] == "ref/prompt" and reference["name"] not in PROMPTS:
            raise RPCError(-32602, f"Unknown prompt: {reference['name']}")
        context = ((call.params.get("context") or {}).get("arguments") or {}).get("arg1")
        words = [f"{context}-one", f"{context}-two"] if context else ["paris", "park", "party"]
        values = [word for word in words if word.startswith(start)]
        return {"completion": {"values": values, "total": len(values), "hasMore": False}}

    # Tasks

    def on_tasks_get(self, call: Call) -> dict:
        return self.tasks.get(call)

    def on_tasks_update(self, call: Call) -> dict:
        return self.tasks.update(call)

    def on_tasks_cancel(self, call: Call) -> dict:
        return self.tasks.cancel(call)

    def on_tasks_result(self, call: Call) -> dict:
        return self.tasks.result(call)

    def on_tasks_list(self, call: Call) -> dict:
        return self.tasks.all(call)
