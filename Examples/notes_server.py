"""A small MCP server over HTTP for the demo: notes that are kept in memory.

usage: notes_server.py [PORT]

It speaks both eras: 2026-07-28 without a session, and the handshake revisions with one.
"""

import sys

from mcp.server.mcpserver import MCPServer

server = MCPServer("notes", instructions="Keeps short notes by title until the server stops.")
notes: dict[str, str] = {"welcome": "Attune forwards this from a server over HTTP."}


@server.tool(description="Write or replace the note with this title.")
def write_note(title: str, text: str) -> str:
    notes[title] = text
    return f"kept '{title}' ({len(text)} characters)"


@server.tool(description="Read the note with this title.")
def read_note(title: str) -> str:
    if title not in notes:
        raise ValueError(f"no note '{title}'; there are: {', '.join(sorted(notes))}")
    return notes[title]


@server.resource("notes://titles", description="The titles of all notes, one a line.")
def titles() -> str:
    return "\n".join(sorted(notes))


@server.resource("notes://note/{title}", description="The note with this title.")
def note(title: str) -> str:
    return notes[title]


@server.prompt(description="Ask for a summary of the note with this title.")
def summarise(title: str) -> str:
    return f"Summarise this note in one sentence:\n\n{notes.get(title, '')}"


if __name__ == "__main__":
    server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 7430)
