"""The open line between a page and a conversation, typed and spoken."""
