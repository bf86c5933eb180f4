"""Running the queue: who is away, what was said in passing, and what the next shift should know."""
