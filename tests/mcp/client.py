"""The official client of the Model Context Protocol: lists the tools of a server, calls some, and prints what came.

Standard input: {"server": address or {"command", "args", "cwd"}, "mode": "auto" or "legacy", "calls": [[tool, arguments], …]}.
A call with "follow" as its third item goes on with `next_offset` until the end. The client itself holds each structured
result to the schema that the tool states.
"""
import asyncio
import json
import sys

from mcp import Client
from mcp.client.stdio import StdioServerParameters


async def results(client, tool, arguments, follow=None):
    while True:
        result = await client.call_tool(tool, arguments)
        content = result.structured_content
        yield {"error": bool(result.is_error), "content": content, "text": result.content[0].text}
        offset = (content or {}).get("next_offset")
        if not follow or offset is None:
            return
        arguments = arguments | {"offset": offset}


async def main():
    wanted = json.load(sys.stdin)
    server = wanted["server"]
    if isinstance(server, dict):
        server = StdioServerParameters(**server)
    async with Client(server, mode=wanted["mode"]) as client:
        tools = [tool.model_dump(by_alias=True) for tool in (await client.list_tools()).tools]
        found = [[result async for result in results(client, *call)] for call in wanted["calls"]]
    print(json.dumps({"tools": tools, "results": found}))


asyncio.run(main())
