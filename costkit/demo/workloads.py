"""The platform's one table: every workload, in the order in which pods are given their nodes."""

from costkit.demo.backends import DATA, ML, PLATFORM
from costkit.demo.copies import DEV, STAGING
from costkit.demo.products import PAYMENTS, SEARCH, WEB
from costkit.demo.rows import Row

WORKLOADS: tuple[Row, ...] = (*PLATFORM, *SEARCH, *PAYMENTS, *WEB, *DATA, *ML, *STAGING, *DEV)
