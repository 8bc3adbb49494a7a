"""Steps that were too long: a thread that looks at each loop which does not turn, and how long its step held it."""
