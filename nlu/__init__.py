"""From a message to what it means, before anybody looks at the conversation."""
