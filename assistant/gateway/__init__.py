"""The public server: conversations, turns, the catalog and the shoppers over HTTP."""
