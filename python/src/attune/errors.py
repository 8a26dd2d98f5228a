"""Every exception that this package raises of its own accord; each case carries what a program can act on."""

from __future__ import annotations


class AttuneError(Exception):
    """The root of the package's exceptions."""


class AttachError(AttuneError):
    """The shared region could not be attached."""


class GatewayNotFound(AttachError):
    """Nothing is where the gateway should be."""

    def __init__(self, place: str, advice: str) -> None:
        super().__init__(f"no gateway at {place}: {advice}")
        self.place = place


class ConfigurationInvalid(AttachError):
    """The configuration file that says where the gateway is cannot be used."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class AttachRefused(AttachError):
    """The gateway, or the check of its certificate, refused this program."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"attaching was refused ({code}): {message}")
        self.code = code
        self.message = message


class AttachProtocolError(AttachError):
    """The other side of the socket does not speak the attach protocol as it is known here."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"the gateway's answer to attaching is not understood: {detail}")
        self.detail = detail


class SegmentError(AttachError):
    """A segment was refused before anything in it was used."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"segment {name}: {sentence}")
        self.name = name


class NotASegment(SegmentError):
    """The magic number is another, or the file is too small to have a header."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "it does not begin with the header of a segment of Attune")


class UnsupportedLayout(SegmentError):
    """The segment was written in a layout that this package does not read."""

    def __init__(self, name: str, version: int, supported: tuple[int, ...]) -> None:
        known = ", ".join(map(str, supported))
        super().__init__(
            name, f"layout version {version} is unknown (known: {known}); install the matching attune package"
        )
        self.version = version
        self.supported = supported


class DamagedHeader(SegmentError):
    """The header's checksum is not that of its bytes."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "its header is damaged: the checksum is not that of its bytes")


class WrongSize(SegmentError):
    """The header and the file disagree about the size."""

    def __init__(self, name: str, header_bytes: int, file_bytes: int) -> None:
        super().__init__(name, f"its header says {header_bytes} bytes, the file has {file_bytes}")
        self.header_bytes = header_bytes
        self.file_bytes = file_bytes


class BadSection(SegmentError):
    """An entry of the directory does not describe a section that can be there."""

    def __init__(self, name: str, index: int, detail: str) -> None:
        super().__init__(name, f"section {index}: {detail}")
        self.index = index
        self.detail = detail


class UnsupportedRecord(SegmentError):
    """The records have other fields than this package knows."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, f"its records are described as {description[:200]!r}, which is not known here")
        self.description = description


class NotSealed(SegmentError):
    """A descriptor that was handed over could still be shrunk by who has it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "it is not sealed against shrinking, so reading it could end this process")


class NotPrivate(SegmentError):
    """Another user could change the file, and so cut it off under its readers."""

    def __init__(self, name: str, user: int, mode: int) -> None:
        super().__init__(
            name, f"it belongs to user {user} with mode {mode:04o}; it must be this user's with 0600"
        )
        self.user = user
        self.mode = mode


class NotLive(SegmentError):
    """The owner is still building the segment, or has retired it."""

    def __init__(self, name: str, state: int) -> None:
        what = {0: "being built", 2: "retired"}.get(state, f"in the unknown state {state}")
        super().__init__(name, f"it is {what}")
        self.state = state


class QueueError(AttuneError):
    """A message could not be put into the queue."""


class QueueFull(QueueError):
    """The learner has not read enough for the message to fit; nothing is ever overwritten."""

    def __init__(self, lane: int) -> None:
        super().__init__(f"lane {lane} of the message queue is full: the learner is behind or not running")
        self.lane = lane


class MessageTooLarge(QueueError):
    """The message exceeds what one frame, or one value, may hold."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the message has {size} bytes; the limit is {limit}")
        self.size = size
        self.limit = limit


class QueueUnavailable(QueueError):
    """This program has no segment of its own to write into."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"nothing can be written: {reason}")
        self.reason = reason
