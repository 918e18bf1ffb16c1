"""What tests have changed about the service."""

import threading
import time
from dataclasses import dataclass, field

DEFAULTS = {
    "most_jobs": 2,
    "stuck": False,
    "no_data": False,
    "without": (),
    "job_seconds": 0.0,
    "fails": "",
    "estimates": False,
    "sparse": False,
}
"""``most_jobs``: that run or wait at a time; ``stuck``: the queue does not move; ``no_data``: nothing was seen;
``without``: processes that are missing; ``job_seconds``: how long a job runs at least; ``fails``: the
sentence with which all work ends; ``estimates``: whether jobs are estimated (CDSE does not); ``sparse``:
periods without looks are left out."""


class WorkFailed(Exception):
    """What a worker says when it ends badly."""


@dataclass
class State:
    """The settings in force. Safe to change while the server runs."""

    catalogue: object = None
    settings: dict = field(default_factory=lambda: dict(DEFAULTS))
    moved: threading.Condition = field(default_factory=threading.Condition)

    def __getattr__(self, name):
        if name in DEFAULTS:
            return self.settings[name]
        raise AttributeError(name)

    def change(self, **settings):
        """Change settings; names are those of ``DEFAULTS``."""
        unknown = set(settings) - set(DEFAULTS)
        if unknown:
            raise ValueError(f"unknown: {sorted(unknown)}")
        with self.moved:
            self.settings.update(settings)
            self.catalogue.empty, self.catalogue.sparse = self.settings["no_data"], self.settings["sparse"]
            self.moved.notify_all()

    def wait_in_queue(self, gone):
        """Wait while the queue is stuck and the job is not gone."""
        with self.moved:
            while self.settings["stuck"] and not gone():
                self.moved.wait(0.1)

    def spend_time(self, gone):
        """Wait as long as jobs take, unless the job is gone."""
        begun = time.monotonic()
        with self.moved:
            while time.monotonic() - begun < self.settings["job_seconds"] and not gone():
                self.moved.wait(0.05)

    def work(self, env):
        """Fail if tests want it."""
        if self.settings["fails"]:
            raise WorkFailed(self.settings["fails"])
