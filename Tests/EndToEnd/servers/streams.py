"""The event streams of the steered server over HTTP, kept so that a client may ask for a part again."""

import queue
import threading

END = object()
RETRY_MS = 50


class Stream:
    """One stream of events; those that were written stay, so that a client may resume after one of them.

    An event is the bytes of a message; a pair of a status and bytes is the response, which comes last; END
    ends the connection only.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.events: list = []
        self.changed = threading.Condition()

    def put(self, event) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def get(self, index: int, seconds: float):
        """The event of this index; raises queue.Empty if there is none in time."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.events) > index, seconds):
                raise queue.Empty
            return self.events[index]

    def identifier(self, index: int) -> str:
        """Names an event; the first one, with the number 0, is the priming event."""
        return f"{self.number}-{index}"
