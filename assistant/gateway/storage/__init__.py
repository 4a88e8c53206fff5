"""The dialogue engine's memory, as the gateway reads and clears it."""
