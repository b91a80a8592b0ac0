"""One objective: counts, windows, budget, burn rates, forecast, status."""
