-- wrk: the same tools/call again and again. CALL_TOOL names the tool, CALL_SESSION the session, if there is one.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"
wrk.headers["MCP-Protocol-Version"] = "2025-06-18"
local session = os.getenv("CALL_SESSION") or ""
if session ~= "" then wrk.headers["Mcp-Session-Id"] = session end
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"' .. os.getenv("CALL_TOOL")
    .. '","arguments":{"text":"sixty-four bytes of text, as short as an argument of a tool often is"}}}'

function done(summary, latency)
    local errors = summary.errors
    print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
