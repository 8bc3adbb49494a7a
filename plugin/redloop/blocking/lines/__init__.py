"""From the frames of a moment to the line of code that answers for it. Knows neither calls by name nor stalls."""
