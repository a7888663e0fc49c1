"""`python -m benchmarks.krr FOLDER`: costkit beside the queries that KRR would send for the same containers.

The folder keeps the past that Prometheus is given: 1,000 pods of one container, 14 days, a sample a minute. KRR itself
does not run: its seven queries for each container of a workload are sent from 10 threads at a step of 5 minutes, none
waiting for another's answer, and nothing is done with the answers; so KRR is made faster than it is. costkit is the
whole command with a history, once for all signals and once for CPU and memory alone (`usage_alone`). A night's run
finds all days but the last in its history, the first fill finds none. Beside each: the time in which its own queries,
two in flight, are merely received.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, groupby
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.fleet import END, Fleet
from benchmarks.measure import Measured, measure
from benchmarks.recorded import Asked, recorded
from benchmarks.replay import command
from benchmarks.served import COSTKIT, WROTE, Served, served
from costkit.model.day import SETTLED
from costkit.model.window import DAY
from tests.bed.scene import PodSeries
