"""Records in, text out. Pure: nothing here runs, patches or reads anything, and nothing but `record` is imported."""
