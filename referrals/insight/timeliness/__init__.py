"""How long it took: decisions against each promise, and the work behind them. Reads only."""
