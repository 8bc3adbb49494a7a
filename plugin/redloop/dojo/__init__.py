"""Where a kata is practised: sets of exercises, workspaces, and the judge that says red or green.

Data flows one way: `sets` reads exercises, `runner` has an answer judged in a child process (`worker`, `judge`) and
returns a `verdict`, `screen` turns it into text. Only `judge` and `worker` import pytest, and only a child process
imports them.
"""
