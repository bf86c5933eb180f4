"""What each agency sends, what becomes of it and what it is told: so that managers and agencies can change it."""
