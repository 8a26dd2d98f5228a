"""The history of metrics: what happened is told without a Prometheus, and outlives the gateway."""

import json
import time

from harness.places import eventually
from harness.wire import ModernClient


def tracks(gateway, name: str, **asked: object) -> list[dict]:
    """The series of the last minutes; none while the store is not open yet."""
    query = "&".join(f"{key}={value}" for key, value in ({"name": name, "from": -1500} | asked).items())
    return gateway.json(f"/api/v1/metrics?{query}").get("items", [])


def total(gateway, **asked: object) -> float:
    return sum(
        point["count"]
        for track in tracks(gateway, "attune_requests_total", method="tools/call", **asked)
        for point in track["points"]
    )


def written(gateway, second: int) -> bool:
    """Whether a frame of ten seconds that may have this one is on disk."""
    lines = gateway.command("store", "export", "--family", "metrics").stdout.splitlines()
    keys = [json.loads(line)["key"] for line in lines]
    starts = [int(key[4:], 16) for key in keys if key.startswith("0100")]
    return any(start // 10 == second // 10 for start in starts)


def test_calls_are_told_over_time_and_once_after_a_kill(workshop) -> None:
    gateway = workshop.gateway({"servers.s": workshop.steered("s", "--era", "modern")})
    client = ModernClient(gateway.port)
    for number in range(20):
        client.call("s__echo", {"n": number})
    client.call("s__fail", {})
    eventually(lambda: total(gateway, step=1) == 21, 5, "21 calls in the history")
    (failed,) = [
        track
        for track in tracks(gateway, "attune_requests_total", step=10)
        if track["labels"].get("outcome") == "tool_error"
    ]
    assert failed["kind"] == "counter" and failed["labels"]["tool"] == "s__fail"
    assert sum(point["count"] for point in failed["points"]) == 1
    (latency,) = tracks(gateway, "attune_message_latency_seconds", server="s", step=60)
    point = max(latency["points"], key=lambda point: point["count"])
    assert 0 < point["p50_us"] <= point["p99_us"] and point["mean_us"] > 0
    (memory,) = tracks(gateway, "attune_memory_bytes", component="process_resident", step=10)
    assert memory["points"][-1]["min"] > 1 << 20
    (errors,) = tracks(gateway, "attune_errors_total", sum="true", step=60)
    assert sum(point["count"] for point in errors["points"]) == 1
    names = {item["name"] for item in gateway.json("/api/v1/metrics/series")["items"]}
    assert {"attune_requests_total", "attune_server_up", "process_cpu_seconds_total"} <= names
    # A frame is written when its ten seconds are over.
    now = int(time.time())
    eventually(lambda: written(gateway, now), 20, "the frame that ends after the calls")
    gateway.kill()
    gateway.start()
    # It counts from zero again, and not from where the killed gateway was.
    eventually(lambda: total(gateway, step=10) == 21, 10, "the calls of the killed gateway")
    client = ModernClient(gateway.port)
    for number in range(5):
        client.call("s__echo", {"n": number})
    eventually(lambda: total(gateway, step=1) == 26, 5, "5 more calls")
    gateway.stop()
    gateway.start()
    eventually(lambda: total(gateway, step=1) == 26, 10, "all calls after a restart")


def test_a_wrong_question_is_told_and_a_page_is_a_page(workshop) -> None:
    gateway = workshop.gateway(
        {"servers.s": workshop.steered("s", "--era", "modern"), "learning": {"mode": "off"}}
    )
    client = ModernClient(gateway.port)
    for method in ("tools/list", "resources/list", "prompts/list"):
        client.request(method)
    for wrong in ("from=5&to=4", "step=x", "from=0&step=1"):
        status, body = gateway.get(f"/api/v1/metrics?name=attune_requests_total&{wrong}")
        assert status == 400 and b"seconds" in body, body
    eventually(lambda: len(tracks(gateway, "attune_requests_total")) >= 3, 5, "three series")
    first = gateway.json("/api/v1/metrics?name=attune_requests_total&limit=2")
    rest = gateway.json(f"/api/v1/metrics?name=attune_requests_total&limit=2&cursor={first['next']}")
    labels = [tuple(sorted(item["labels"].items())) for item in first["items"] + rest["items"]]
    assert len(first["items"]) == 2 and len(set(labels)) == len(labels) >= 3
    # Without a name it is what was counted of each tool.
    assert gateway.json("/api/v1/metrics") == {"items": [], "next": None}
    page = gateway.get("/")[1].decode()
    assert 'id="charts"' in page and "loadCharts" in gateway.get("/dashboard.js")[1].decode()
