"""The action server of the dialogue engine: thin actions, and the understanding of messages."""
