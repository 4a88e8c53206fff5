"""The conversation itself, pure: understanding in context, the decision, and the reply."""
