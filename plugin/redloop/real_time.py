"""The real clock, where no test reaches it that stops time.

`monkeypatch.setattr(time, "perf_counter", …)` puts another into the `time` module, and freezegun into each module in
which it finds the function itself. This is another object, and calls what was there when it was made.
"""

from __future__ import annotations

import time
from functools import partial

perf_counter = partial(time.perf_counter)
"""`time.perf_counter`, in seconds."""
