"""A Python program beside a gateway: attaches with the package `attune`, does what its standard input says.

It runs in the environment `python`, which has NumPy. One JSON object a line each way; the first line out is
{"attached": ...}, or {"error": ...} where attaching fails.
"""

import json
import sys
import time

import attune


def named(region: attune.Region, names: attune.Names, record) -> dict:
    """A record with its ids as texts."""
    texts = {name: names.get(record[name]) for name in ("session", "principal", "server", "tool", "method")}
    numbers = ("sequence", "time_us", "call_id", "outcome", "error_code", "duration_us", "upstream_us")
    payload = region.payload(record)
    return (
        texts
        | {name: int(record[name]) for name in numbers}
        | {
            "params": payload and payload.params.decode(),
            "result": payload and payload.result.decode(),
        }
    )


class Driver:
    """The commands."""

    def __init__(self, region: attune.Region) -> None:
        self.region = region
        self.stream = region.ring_buffer.observations(timeout=60)

    def take(self, count: int) -> dict:
        """The next records, until there are so many with the lost ones."""
        records, lost = [], 0
        while len(records) + lost < count:
            batch = next(self.stream)
            lost += batch.lost
            records += [named(self.region, batch.names, record) for record in batch.records]
            assert batch.records.itemsize == 128 and not batch.records.flags.owndata
        return {"records": records, "lost": lost}

    def facts(self) -> dict:
        region = self.region
        return {
            "generation": region.generation,
            "attached": region.attached,
            "learner": region.learner_attached,
            "published": sum(region.ring_buffer.published.values()),
        }

    def publish(self, task: str, subject: str, value: float) -> int:
        return self.region.publish_prediction(task, subject, value, timeout=10)

    def prediction(self, task: str, subject: str) -> dict | None:
        return self.region.predictions.get((task, subject))

    def statistics(self) -> dict:
        return {"/".join(names): self.region.statistics[names].calls for names in self.region.statistics}

    def put(self, message: dict) -> int:
        return self.region.message_queue.put(message, timeout=10)

    def get(self, seconds: float) -> dict | None:
        """The learner's next JSON message."""
        end = time.monotonic() + seconds
        while (message := self.region.message_queue.get(timeout=max(0, end - time.monotonic()))) is not None:
            if message.kind == attune.MessageKind.JSON:
                return message.json()
        return None

    def store(self, key: str, value: str | None) -> None:
        if value is None:
            del self.region.state_cache[key]
        else:
            self.region.state_cache[key] = value

    def load(self, key: str) -> str | None:
        value = self.region.state_cache.get(key)
        return None if value is None else value.decode()


def main() -> None:
    try:
        region = attune.Region.attach(*sys.argv[1:])
    except attune.AttachError as error:
        print(json.dumps({"error": type(error).__name__, "message": str(error)}), flush=True)
        return
    with region:
        driver = Driver(region)
        print(json.dumps({"attached": region.generation}), flush=True)
        for line in sys.stdin:
            command = json.loads(line)
            answer = getattr(driver, command["do"])(*command["with"])
            print(json.dumps({"answer": answer}), flush=True)


main()
