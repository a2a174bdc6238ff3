// The protocol's library, in a file of its own in the bundle (scripts/build.mjs): it would add a quarter to what every other
// command reads when it starts.
export { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
export { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
