"""One server: the page, a REST API and MCP tools over one open index, behind one guard."""
