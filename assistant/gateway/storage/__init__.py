"""The tables of the gateway and of the dialogue engine's memory."""
