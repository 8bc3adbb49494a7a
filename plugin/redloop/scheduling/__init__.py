"""Every order of the tasks: explore the schedules of a scenario, replay one, and find out how late the loop may be.

(The package is not called `schedules`, because `redloop.schedules` is the Hypothesis strategy.)
"""

from __future__ import annotations

from redloop.scheduling.exploration import Exploration as Exploration
from redloop.scheduling.exploration import ScheduleError as ScheduleError
from redloop.scheduling.exploration import explore as explore
from redloop.scheduling.exploration import margin as margin
from redloop.scheduling.exploration import replay as replay
from redloop.scheduling.strategy import Schedule as Schedule
from redloop.scheduling.strategy import schedules as schedules
