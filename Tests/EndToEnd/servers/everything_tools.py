"""The tools of the fixture server, under the names that the public conformance suite uses."""

import asking
from asking import ROOTS, Refused, ask, ask_all, form, sampling
from behaviour import Behaviour, Call, RPCError, tool
from media import AUDIO, IMAGE

TEXT = {"type": "string"}
NAME_FORM = {"name": TEXT}
SCHEMA_2020_12 = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": TEXT, "city": TEXT},
        }
    },
    "properties": {
        "name": TEXT,
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": TEXT,
        "email": TEXT,
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}
HEADERED = {
    "type": "object",
    "properties": {
        "region": TEXT | {"x-mcp-header": "Region"},
        "count": {"type": "integer", "x-mcp-header": "Count"},
        "urgent": {"type": "boolean", "x-mcp-header": "Urgent"},
        "place": {"type": "object", "properties": {"city": TEXT | {"x-mcp-header": "City"}}},
        "plain": TEXT,
    },
}
STRUCTURED = {
    "type": "object",
    "properties": {"temperature": {"type": "number"}, "unit": TEXT},
    "required": ["temperature", "unit"],
}

TOOLS = [
    tool("test_simple_text", "Answers with text."),
    tool("test_image_content", "Answers with an image."),
    tool("test_audio_content", "Answers with a sound."),
    tool("test_embedded_resource", "Answers with an embedded resource."),
    tool("test_multiple_content_types", "Answers with text, an image and a resource."),
    tool("test_resource_link", "Answers with a link to a resource."),
    tool("test_structured_content", "Answers with structured content.", outputSchema=STRUCTURED),
    tool("test_tool_with_logging", "Logs while it runs."),
    tool("test_logging_tool", "Logs while it runs."),
    tool("test_tool_with_progress", "Reports progress while it runs."),
    tool("test_error_handling", "Always fails."),
    tool("test_sampling", "Asks the client's model.", {"prompt": TEXT}),
    tool("test_elicitation", "Asks the user.", {"message": TEXT}),
    tool("test_elicitation_url", "Asks the user to open an address."),
    tool("test_elicitation_sep1034_defaults", "Asks with defaults of every primitive type."),
    tool("test_elicitation_sep1330_enums", "Asks with the five forms of choices."),
    tool("test_list_roots", "Asks for the client's roots."),
    tool("test_client_capabilities", "Tells what the client declared."),
    tool("test_missing_capability", "Needs a client that can sample."),
    tool("test_streaming_elicitation", "Reports progress and then asks the user."),
    tool("test_reconnection", "Ends its event stream in mid-call."),
    tool("test_trigger_tool_change", "Adds a tool."),
    tool("test_trigger_prompt_change", "Adds a prompt."),
    tool("test_trigger_resource_change", "Adds a resource."),
    tool("test_trigger_resource_update", "Updates the watched resource."),
    {
        "name": "json_schema_2020_12_tool",
        "description": "Has keywords of JSON Schema 2020-12.",
        "inputSchema": SCHEMA_2020_12,
    },
    {"name": "test_x_mcp_header", "description": "Has arguments in headers.", "inputSchema": HEADERED},
    tool("test_slow", "Takes its time, unless it is cancelled.", {"seconds": {"type": "number"}}),
    tool("test_task", "Runs as a task where the client can.", execution={"taskSupport": "optional"}),
    tool("test_task_required", "Runs only as a task.", execution={"taskSupport": "required"}),
    tool("test_task_composition", "Asks, and then runs as a task.", execution={"taskSupport": "required"}),
    tool("test_task_input", "Runs as a task that asks.", execution={"taskSupport": "required"}),
    *(
        tool(f"test_input_required_result_{name}", "Asks before it answers.")
        for name in (
            "elicitation",
            "sampling",
            "list_roots",
            "request_state",
            "multiple_inputs",
            "multi_round",
            "tampered_state",
            "capabilities",
        )
    ),
]


def headed(name: str, properties: dict) -> dict:
    return {"name": f"invalid_{name}", "inputSchema": {"type": "object", "properties": properties}}


# Tools that a client over HTTP has to leave out, by what is wrong with them.
INVALID = [
    headed("empty", {"a": TEXT | {"x-mcp-header": ""}}),
    headed("space", {"a": TEXT | {"x-mcp-header": "My Region"}}),
    headed("colon", {"a": TEXT | {"x-mcp-header": "Region:Primary"}}),
    headed("letters", {"a": TEXT | {"x-mcp-header": "Région"}}),
    headed("control", {"a": TEXT | {"x-mcp-header": "Region\t1"}}),
    headed("same", {"a": TEXT | {"x-mcp-header": "Region"}, "b": TEXT | {"x-mcp-header": "Region"}}),
    headed("same_case", {"a": TEXT | {"x-mcp-header": "MyField"}, "b": TEXT | {"x-mcp-header": "myfield"}}),
    headed("object", {"a": {"type": "object", "x-mcp-header": "Data"}}),
    headed("array", {"a": {"type": "array", "x-mcp-header": "Data"}}),
    headed("null", {"a": {"type": "null", "x-mcp-header": "Data"}}),
    headed("number", {"a": {"type": "number", "x-mcp-header": "Data"}}),
    headed("items", {"a": {"type": "array", "items": TEXT | {"x-mcp-header": "Data"}}}),
]


def referring(address: str) -> dict:
    """A tool whose schema refers to an address."""
    return {
        "name": "test_reference",
        "inputSchema": {
            "type": "object",
            "properties": {"value": {"$ref": address}},
            "$defs": {"also": {"$ref": address}},
        },
    }


def text(value: str, **more: object) -> dict:
    return {"content": [{"type": "text", "text": value}]} | more


def run(server: Behaviour, call: Call) -> dict:
    name = str(call.params.get("name"))
    if name.startswith("added"):
        return text(f"this is {name}")
    handler = globals().get(name)
    if handler is None or not name.startswith(("test_", "json_schema_")):
        raise RPCError(-32602, f"Unknown tool: {name}")
    try:
        return handler(server, call, call.params.get("arguments") or {})
    except Refused as refused:
        return text(f"refused: {refused.code} {refused.message}", isError=True)


# Content


def test_simple_text(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text("This is a simple text response for testing.")


def test_image_content(server: Behaviour, call: Call, arguments: dict) -> dict:
    return {"content": [{"type": "image", "data": IMAGE, "mimeType": "image/png"}]}


def test_audio_content(server: Behaviour, call: Call, arguments: dict) -> dict:
    return {"content": [{"type": "audio", "data": AUDIO, "mimeType": "audio/wav"}]}


def embedded(uri: str, kind: str, value: str) -> dict:
    return {"type": "resource", "resource": {"uri": uri, "mimeType": kind, "text": value}}


def test_embedded_resource(server: Behaviour, call: Call, arguments: dict) -> dict:
    return {"content": [embedded("test://embedded-resource", "text/plain", "This resource is embedded.")]}


def test_multiple_content_types(server: Behaviour, call: Call, arguments: dict) -> dict:
    content = text("Several kinds:")["content"]
    content += [{"type": "image", "data": IMAGE, "mimeType": "image/png"}]
    return {"content": content + [embedded("test://mixed-content", "application/json", '{"test":"data"}')]}


def test_resource_link(server: Behaviour, call: Call, arguments: dict) -> dict:
    return {"content": [{"type": "resource_link", "uri": "test://static-text", "name": "static-text"}]}


def test_structured_content(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text('{"temperature":22.5,"unit":"C"}', structuredContent={"temperature": 22.5, "unit": "C"})


def test_error_handling(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text("This tool always fails.", isError=True)


def json_schema_2020_12_tool(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(f"called with {sorted(arguments)}")


def test_reference(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(f"called with {sorted(arguments)}")


def test_x_mcp_header(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(str(arguments.get("region")), structuredContent=arguments)


# Notifications


def test_tool_with_logging(server: Behaviour, call: Call, arguments: dict) -> dict:
    for level, message in (
        ("debug", "details"),
        ("info", "started"),
        ("info", "working"),
        ("warning", "done"),
    ):
        call.log(level, message)
        call.wait(0.01)
    return text("logged")


test_logging_tool = test_tool_with_logging


def test_tool_with_progress(server: Behaviour, call: Call, arguments: dict) -> dict:
    token = call.meta.get("progressToken")
    for step in (0, 50, 100):
        if token is not None:
            step_of = {"progressToken": token, "progress": step, "total": 100, "message": f"{step} of 100"}
            call.notify("notifications/progress", step_of)
        call.wait(0.01)
    return text("went on")


def test_slow(server: Behaviour, call: Call, arguments: dict) -> dict:
    if call.wait(arguments["seconds"]):
        server.record.event("gave up", id=call.message["id"])
        raise RPCError(-32800, "Cancelled")
    return text("took its time")


def test_reconnection(server: Behaviour, call: Call, arguments: dict) -> dict:
    call.notify.end_stream()
    call.wait(0.2)
    return text("after the reconnection")


def test_trigger_tool_change(server: Behaviour, call: Call, arguments: dict) -> dict:
    server.change("tools")
    return text("changed")


def test_trigger_prompt_change(server: Behaviour, call: Call, arguments: dict) -> dict:
    server.change("prompts")
    return text("changed")


def test_trigger_resource_change(server: Behaviour, call: Call, arguments: dict) -> dict:
    server.change("resources")
    return text("changed")


def test_trigger_resource_update(server: Behaviour, call: Call, arguments: dict) -> dict:
    server.counted()
    server.touch("test://watched-resource")
    return text("updated")


# Questions


def test_sampling(server: Behaviour, call: Call, arguments: dict) -> dict:
    answer = ask(call, "sample", *sampling(arguments["prompt"]))
    return text(f"LLM response: {answer['content']['text']}")


def told(answer: dict) -> dict:
    content = ", ".join(f"{name}={value}" for name, value in sorted((answer.get("content") or {}).items()))
    return text(f"{answer['action']}: {content}", structuredContent=answer)


def test_elicitation(server: Behaviour, call: Call, arguments: dict) -> dict:
    asked = form(arguments["message"], {"username": TEXT, "email": TEXT})
    return told(ask(call, "user", *asked))


def test_elicitation_url(server: Behaviour, call: Call, arguments: dict) -> dict:
    params = {"mode": "url", "message": "Please sign in.", "url": "https://example.org/sign-in?for=a%20b"}
    if call.era == "legacy":
        params["elicitationId"] = "elicitation-1"
    answer = ask(call, "page", "elicitation/create", params)
    if call.era == "legacy":
        call.notify("notifications/elicitation/complete", {"elicitationId": "elicitation-1"})
    return told(answer)


def test_elicitation_sep1034_defaults(server: Behaviour, call: Call, arguments: dict) -> dict:
    properties = {
        "name": TEXT | {"default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": True},
    }
    return told(ask(call, "defaults", *form("Please look at these.", properties, [])))


def test_elicitation_sep1330_enums(server: Behaviour, call: Call, arguments: dict) -> dict:
    titled = [{"const": f"value{number}", "title": f"Title {number}"} for number in (1, 2, 3)]
    plain = ["option1", "option2", "option3"]
    properties = {
        "untitledSingle": {"type": "string", "enum": plain},
        "titledSingle": {"type": "string", "oneOf": titled},
        "legacyEnum": {"type": "string", "enum": plain, "enumNames": ["One", "Two", "Three"]},
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": plain}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled}},
    }
    return told(ask(call, "choices", *form("Please choose.", properties, [])))


def test_list_roots(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(" ".join(root["uri"] for root in ask(call, "roots", *ROOTS)["roots"]))


def test_client_capabilities(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text("declared", structuredContent=call.capabilities)


def test_missing_capability(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(ask(call, "sample", *sampling("Anything?"))["content"]["text"])


def test_streaming_elicitation(server: Behaviour, call: Call, arguments: dict) -> dict:
    if "inputResponses" not in call.params:
        test_tool_with_progress(server, call, arguments)
    return test_input_required_result_elicitation(server, call, arguments)


def named(answer: dict) -> str:
    return (answer.get("content") or {}).get("name", "nobody")


def test_input_required_result_elicitation(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(f"Hello, {named(ask(call, 'user_name', *form('What is your name?', NAME_FORM)))}!")


def test_input_required_result_sampling(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(ask(call, "capital_question", *sampling("What is the capital of France?"))["content"]["text"])


def test_input_required_result_list_roots(server: Behaviour, call: Call, arguments: dict) -> dict:
    return text(" ".join(root["uri"] for root in ask(call, "client_roots", *ROOTS)["roots"]))


def test_input_required_result_request_state(server: Behaviour, call: Call, arguments: dict) -> dict:
    ask(call, "confirm", *form("Please confirm", {"ok": {"type": "boolean"}}), stateful=True)
    return text("state-ok")


test_input_required_result_tampered_state = test_input_required_result_request_state


def test_input_required_result_multiple_inputs(server: Behaviour, call: Call, arguments: dict) -> dict:
    requests = {
        "user_name": form("What is your name?", NAME_FORM),
        "greeting": sampling("Generate a greeting", 50),
        "client_roots": ROOTS,
    }
    answers = ask_all(call, requests, stateful=True)
    roots = len(answers["client_roots"]["roots"])
    return text(f"{answers['greeting']['content']['text']} {named(answers['user_name'])}, {roots} roots")


def test_input_required_result_multi_round(server: Behaviour, call: Call, arguments: dict) -> dict:
    name = named(ask(call, "step1", *form("Step 1: your name?", NAME_FORM), stateful=True))
    color = ask(call, "step2", *form("Step 2: your color?", {"color": TEXT}), stateful=True)
    return text(f"{name} likes {color['content']['color']}")


def test_input_required_result_capabilities(server: Behaviour, call: Call, arguments: dict) -> dict:
    """Asks for what the client declared and for nothing else."""
    requests = {"question": sampling("What may be asked?"), "user": form("Who are you?", NAME_FORM)}
    possible = {
        name: asked for name, asked in requests.items() if asking.CAPABILITY[asked[0]] in call.capabilities
    }
    return text(f"asked {sorted(ask_all(call, possible))}")


# Tasks


def test_task(server: Behaviour, call: Call, arguments: dict) -> dict:
    return server.tasks.begin(call, required=False)


def test_task_required(server: Behaviour, call: Call, arguments: dict) -> dict:
    return server.tasks.begin(call, required=True)


def test_task_input(server: Behaviour, call: Call, arguments: dict) -> dict:
    return server.tasks.begin(call, required=True, question=form("What is your name?", NAME_FORM))


def test_task_composition(server: Behaviour, call: Call, arguments: dict) -> dict:
    ask(call, "user_name", *form("What is your name?", NAME_FORM))
    return server.tasks.begin(call, required=True)
