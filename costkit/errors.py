"""Every error a person can meet, with the exit code it ends in.

CostkitError
├── UsageError      2  flags, rules or prices that cannot be followed
└── FailedError     4  the work could not be done
    ├── ClusterError   the Kubernetes API
    ├── MetricsError   Prometheus
    ├── SnapshotError  a snapshot file that cannot be read
    ├── FrameError     a table that breaks its schema (a defect of ours, or a damaged file)
    └── OutputError    a file that cannot be written
"""


class CostkitError(Exception):
    """One line that says what went wrong (`message`) and one that says what to do about it (`hint`)."""

    exit_code = 4

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CostkitError):
    exit_code = 2


class FailedError(CostkitError):
    pass


class ClusterError(FailedError):
    pass


class MetricsError(FailedError):
    pass


class SnapshotError(FailedError):
    pass


class FrameError(FailedError):
    pass


class OutputError(FailedError):
    pass
