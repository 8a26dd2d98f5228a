"""A server written with the official SDK, over Streamable HTTP: FastMCP of mcp 1.30, or MCPServer of mcp 2.3.

usage: sdk_server.py PORT
"""

import sys

PORT = int(sys.argv[1])
try:
    from mcp.server.mcpserver import Context, MCPServer

    server = MCPServer("sdk")
    options: dict = {"host": "127.0.0.1", "port": PORT}
except ImportError:
    from mcp.server.fastmcp import Context, FastMCP

    server = FastMCP("sdk", host="127.0.0.1", port=PORT)
    options = {}


@server.tool(description="Adds two numbers.")
def add(a: int, b: int) -> int:
    return a + b


@server.tool(description="Counts with reports of progress.")
async def steps(count: int, ctx: Context) -> str:
    for step in range(count):
        await ctx.report_progress(step + 1, count)
    return f"{count} steps"


@server.resource("sdk://greeting")
def greeting() -> str:
    return "hello"


@server.resource("sdk://square/{number}")
def square(number: str) -> str:
    return str(int(number) ** 2)


@server.prompt()
def review(code: str) -> str:
    return f"Review: {code}"


server.run(transport="streamable-http", **options)
