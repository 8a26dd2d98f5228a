"""Tools, resources, prompts and completion: what clients and servers of both eras share."""

import base64
import json

import pytest

from harness.peers import EVERYTHING
from harness.wire import META

from . import Place, scenario


def block(place: Place, era: str, name: str) -> list[dict]:
    exchange = place.client(era).tool(place.named(name))
    assert exchange.status == 200 and not exchange.result.get("isError")
    if era == "modern":
        assert exchange.result["resultType"] == "complete"
    return exchange.result["content"]


@scenario("tools-list", "tools")
def tools_list(place: Place, era: str) -> None:
    tools = {tool["name"]: tool for tool in place.client(era).do("tools/list").result["tools"]}
    assert place.named("test_simple_text") in tools and place.named("test_elicitation") in tools
    for tool in tools.values():
        assert tool["inputSchema"]["type"] == "object"
    assert tools[place.named("test_simple_text")]["description"] == "Answers with text."


@scenario("tools-call-simple-text", "tools")
def simple_text(place: Place, era: str) -> None:
    expected = {"type": "text", "text": "This is a simple text response for testing."}
    assert block(place, era, "test_simple_text") == [expected]


@scenario("tools-call-image", "tools")
def image(place: Place, era: str) -> None:
    (content,) = block(place, era, "test_image_content")
    assert (content["type"], content["mimeType"]) == ("image", "image/png")
    assert base64.b64decode(content["data"], validate=True).startswith(b"\x89PNG")


@scenario("tools-call-audio", "tools")
def audio(place: Place, era: str) -> None:
    (content,) = block(place, era, "test_audio_content")
    assert (content["type"], content["mimeType"]) == ("audio", "audio/wav")
    assert base64.b64decode(content["data"], validate=True).startswith(b"RIFF")


@scenario("tools-call-embedded-resource", "tools")
def embedded_resource(place: Place, era: str) -> None:
    (content,) = block(place, era, "test_embedded_resource")
    assert content["type"] == "resource" and content["resource"]["uri"] == "test://embedded-resource"
    assert content["resource"]["mimeType"] == "text/plain" and content["resource"]["text"]


@scenario("tools-call-mixed-content", "tools")
def mixed_content(place: Place, era: str) -> None:
    kinds = [content["type"] for content in block(place, era, "test_multiple_content_types")]
    assert kinds == ["text", "image", "resource"]


@scenario("tools-call-resource-link", "tools")
def resource_link(place: Place, era: str) -> None:
    (content,) = block(place, era, "test_resource_link")
    assert content["type"] == "resource_link"
    client = place.client(era)
    read = client.do("resources/read", {"uri": content["uri"]}).result
    assert read["contents"][0]["uri"] == content["uri"]


@scenario("tools-call-structured-content", "tools")
def structured_content(place: Place, era: str) -> None:
    client = place.client(era)
    tools = {tool["name"]: tool for tool in client.do("tools/list").result["tools"]}
    name = place.named("test_structured_content")
    assert tools[name]["outputSchema"]["required"] == ["temperature", "unit"]
    assert client.tool(name).result["structuredContent"] == {"temperature": 22.5, "unit": "C"}


@scenario("tools-call-error", "tools")
def error(place: Place, era: str) -> None:
    result = place.client(era).tool(place.named("test_error_handling")).result
    assert result["isError"] is True and result["content"][0]["text"] == "This tool always fails."


@scenario("tools-call-unknown", "tools")
def unknown_tool(place: Place, era: str) -> None:
    assert place.client(era).tool(place.named("nobody")).error["code"] == -32602


@scenario("json-schema-2020-12", "tools")
def json_schema(place: Place, era: str) -> None:
    tools = {tool["name"]: tool for tool in place.client(era).do("tools/list").result["tools"]}
    schema = tools[place.named("json_schema_2020_12_tool")]["inputSchema"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False and schema["$defs"]["address"]["$anchor"] == "addressDef"
    assert schema["properties"]["address"] == {"$ref": "#/$defs/address"}
    assert {"allOf", "if", "then", "else"} <= set(schema)


@scenario("resources-list", "resources")
def resources_list(place: Place, era: str) -> None:
    resources = {item["uri"]: item for item in place.client(era).do("resources/list").result["resources"]}
    assert {"test://static-text", "test://static-binary", "test://watched-resource"} <= set(resources)
    assert resources["test://static-binary"]["mimeType"] == "image/png"


@scenario("resources-read-text", "resources")
def read_text(place: Place, era: str) -> None:
    result = place.client(era).do("resources/read", {"uri": "test://static-text"}).result
    (content,) = result["contents"]
    assert (content["uri"], content["mimeType"]) == ("test://static-text", "text/plain") and content["text"]


@scenario("resources-read-binary", "resources")
def read_binary(place: Place, era: str) -> None:
    result = place.client(era).do("resources/read", {"uri": "test://static-binary"}).result
    (content,) = result["contents"]
    assert base64.b64decode(content["blob"], validate=True).startswith(b"\x89PNG")


@scenario("resources-templates-read", "resources")
def read_template(place: Place, era: str) -> None:
    client = place.client(era)
    templates = client.do("resources/templates/list").result["resourceTemplates"]
    assert "test://template/{id}/data" in [item["uriTemplate"] for item in templates]
    (content,) = client.do("resources/read", {"uri": "test://template/123/data"}).result["contents"]
    assert content["uri"] == "test://template/123/data" and json.loads(content["text"])["id"] == "123"


@scenario("sep-2164-resource-not-found", "resources")
def resource_not_found(place: Place, era: str) -> None:
    error = place.client(era).do("resources/read", {"uri": "test://nothing-is-here"}).error
    assert error["code"] in ((-32602,) if era == "modern" else (-32002, -32602))


@scenario("prompts-list", "prompts")
def prompts_list(place: Place, era: str) -> None:
    prompts = {item["name"]: item for item in place.client(era).do("prompts/list").result["prompts"]}
    arguments = prompts[place.named("test_prompt_with_arguments")]["arguments"]
    assert [item["name"] for item in arguments] == ["arg1", "arg2"]


def prompt(place: Place, era: str, name: str, **arguments: str) -> list[dict]:
    params = {"name": place.named(name)} | ({"arguments": arguments} if arguments else {})
    return [message["content"] for message in place.client(era).do("prompts/get", params).result["messages"]]


@scenario("prompts-get-simple", "prompts")
def simple_prompt(place: Place, era: str) -> None:
    expected = {"type": "text", "text": "This is a simple prompt for testing."}
    assert prompt(place, era, "test_simple_prompt") == [expected]


@scenario("prompts-get-with-args", "prompts")
def prompt_with_arguments(place: Place, era: str) -> None:
    (content,) = prompt(place, era, "test_prompt_with_arguments", arg1="hello", arg2="world")
    assert "hello" in content["text"] and "world" in content["text"]


@scenario("prompts-get-embedded-resource", "prompts")
def prompt_with_resource(place: Place, era: str) -> None:
    first, _ = prompt(place, era, "test_prompt_with_embedded_resource", resourceUri="test://example-resource")
    assert first["type"] == "resource" and first["resource"]["uri"] == "test://example-resource"


@scenario("prompts-get-with-image", "prompts")
def prompt_with_image(place: Place, era: str) -> None:
    first, second = prompt(place, era, "test_prompt_with_image")
    assert (first["type"], second["type"]) == ("image", "text")


@scenario("prompts-get-missing-argument", "prompts")
def missing_argument(place: Place, era: str) -> None:
    params = {"name": place.named("test_prompt_with_arguments"), "arguments": {"arg1": "alone"}}
    assert place.client(era).do("prompts/get", params).error["code"] == -32602


@scenario("completion-complete", "completion")
def completion(place: Place, era: str) -> None:
    client = place.client(era)
    references = (
        {"type": "ref/prompt", "name": place.named("test_prompt_with_arguments")},
        {"type": "ref/resource", "uri": "test://template/{id}/data"},
    )
    for reference in references:
        params = {"ref": reference, "argument": {"name": "arg1", "value": "par"}}
        completed = client.do("completion/complete", params).result["completion"]
        assert completed["values"] == ["paris", "park", "party"] and completed["hasMore"] is False
    context = {"arguments": {"arg1": "left"}}
    params = {"ref": references[0], "argument": {"name": "arg2", "value": "left"}, "context": context}
    completed = client.do("completion/complete", params).result["completion"]
    assert completed["values"] == ["left-one", "left-two"]


@scenario("pagination", "lists")
def pagination(place: Place, era: str) -> None:
    client, found, cursor = place.client(era), [], None
    while True:
        result = client.do("tools/list", {"cursor": cursor} if cursor else {}).result
        found += [tool["name"] for tool in result["tools"]]
        if (cursor := result.get("nextCursor")) is None:
            break
    assert len(found) == len(set(found)) and place.named("test_x_mcp_header") in found
    assert client.do("tools/list", {"cursor": "made-up"}).error["code"] == -32602


@scenario("client-capabilities-reach-the-server", "capabilities", servers=("legacy",), clients=("legacy",))
def capabilities(place: Place, era: str) -> None:
    if not place.direct and place.prefix:
        pytest.skip("a federated session declares what the gateway can carry")
    declared = EVERYTHING | {"elicitation": {"form": {}, "url": {}}, "experimental": {"x": {"y": 1}}}
    seen = place.client(era, declared).tool(place.named("test_client_capabilities")).result
    assert {"sampling", "elicitation", "roots"} <= set(seen["structuredContent"])
    nothing = place.client(era, {}).tool(place.named("test_client_capabilities")).result
    assert not {"sampling", "elicitation", "roots"} & set(nothing["structuredContent"])


@scenario("request-metadata-passes", "metadata")
def metadata(place: Place, era: str) -> None:
    """Members of _meta that the gateway does not know reach the server as they are."""
    meta = {
        "example.org/kept": {"a": [1, 2.50]},
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    place.client(era).tool(place.named("test_simple_text"), meta=meta)
    received = place.record.messages("tools/call")[-1]["params"]["_meta"]
    assert received["example.org/kept"] == meta["example.org/kept"]
    assert received["traceparent"].split("-")[1] == meta["traceparent"].split("-")[1]
    assert (META + "protocolVersion" in received) == (place.server == "modern")
