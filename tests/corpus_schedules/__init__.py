"""Small programs with a known verdict, to measure the explorer on; `python tests/corpus_schedules` shows the table."""
