"""Calls by name, however short: the catalogue of what blocks, and what stands in its place while a loop runs."""
