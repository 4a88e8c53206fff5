"""What happens to one message: taken in, logged, answered, sent on, forgotten."""
