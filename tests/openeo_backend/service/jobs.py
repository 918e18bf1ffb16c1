"""Batch jobs, kept in a folder so that they outlive the server."""

import json
import logging
import shutil
import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from openeo.util import rfc3339
from openeo_driver.backend import BatchJobMetadata, BatchJobs, JobListing
from openeo_driver.constants import JOB_STATUS
from openeo_driver.errors import JobNotFinishedException, JobNotFoundException, OpenEOApiException
from openeo_driver.save_result import SaveResult, to_save_result
from openeo_driver.users import User
from openeo_driver.utils import EvalEnv

MOST = 2
"""Jobs of one user that run or wait at CDSE (2 concurrent; quotas page, 2026)."""
CREDITS = 4.0
"""What a job costs here, whatever it is."""
_LIVE = {JOB_STATUS.QUEUED, JOB_STATUS.RUNNING}
_log = logging.getLogger(__name__)


class ConcurrentJobLimit(OpenEOApiException):
    """As openeo-geopyspark-driver answers (openeo-python-client #838)."""

    status_code, code = 400, "ConcurrentJobLimit"


class Jobs(BatchJobs):
    """Jobs as folders with ``job.json``, ``logs.json`` and ``results``.

    Args:
        folder: Where they are kept.
        state: What tests have changed.
    """

    def __init__(self, folder, state):
        super().__init__()
        self.folder, self.state, self.backend = Path(folder), state, None
        self._lock = threading.RLock()

    def begin(self, backend):
        """Run again what ran or waited when the server ended."""
        self.backend = backend
        for path in sorted(self.folder.glob("*/job.json")):
            job = json.loads(path.read_text())
            if job["status"] in _LIVE:
                self._write(job, status=JOB_STATUS.QUEUED)
                self._launch(job["id"], job["user"])

    # ---- what clients ask

    def create_job(self, *, user, process, api_version, metadata, job_options=None):
        job_id = f"j-{uuid.uuid4().hex}"
        (self.folder / job_id / "results").mkdir(parents=True)
        told = {key: metadata.get(key) for key in ("title", "description", "plan", "budget")}
        job = {
            "id": job_id,
            "user": user.user_id,
            "process": process,
            "options": job_options,
            "created": _now(),
            "order": time.time_ns(),
            **told,
        }
        self._write(job, status=JOB_STATUS.CREATED)
        return self.get_job_info(job_id, user.user_id)

    def get_job_info(self, job_id, user_id):
        job = self._read(job_id, user_id)
        kept = (
            "id",
            "status",
            "process",
            "title",
            "description",
            "plan",
            "budget",
            "costs",
            "created",
            "updated",
        )
        times = {key: job.get(key) for key in ("started", "finished")}
        usage = {"credits": {"value": job["costs"], "unit": "credits"}} if job.get("costs") else None
        return BatchJobMetadata.from_api_dict({key: job.get(key) for key in kept} | times)._replace(
            usage=usage, job_options=job.get("options")
        )

    def get_user_jobs(self, user_id, limit=None, request_parameters=None):
        after = (request_parameters or {}).get("after")
        found = [json.loads(path.read_text()) for path in self.folder.glob("*/job.json")]
        mine = sorted((j for j in found if j["user"] == user_id), key=lambda j: j["order"], reverse=True)
        names = [job["id"] for job in mine]
        names = names[names.index(after) + 1 :] if after in names else names
        page = names[:limit]
        following = {"limit": limit, "after": page[-1]} if limit and len(names) > limit else None
        return JobListing([self.get_job_info(name, user_id) for name in page], next_parameters=following)

    def start_job(self, job_id, user):
        with self._lock:
            live = [j for j in self.get_user_jobs(user.user_id)._jobs if j.status in _LIVE]
            if len(live) >= self.state.most_jobs:
                raise ConcurrentJobLimit(
                    message=f"Job was not started because concurrent job limit ({self.state.most_jobs}) is reached."
                )
            self._write(self._read(job_id, user.user_id), status=JOB_STATUS.QUEUED)
        self._launch(job_id, user.user_id)

    def get_result_assets(self, job_id, user_id):
        if self._read(job_id, user_id)["status"] != JOB_STATUS.FINISHED:
            raise JobNotFinishedException
        return json.loads((self.folder / job_id / "assets.json").read_text())

    def get_log_entries(self, job_id, *, user_id, offset=None, limit=None, level="debug"):
        self._read(job_id, user_id)
        path = self.folder / job_id / "logs.json"
        return json.loads(path.read_text()) if path.exists() else []

    def cancel_job(self, job_id, user_id):
        with self._lock:
            job = self._read(job_id, user_id)
            if job["status"] in _LIVE:
                self._write(job, status=JOB_STATUS.CANCELED)

    def delete_job(self, job_id, user_id):
        with self._lock:
            self._read(job_id, user_id)
            shutil.rmtree(self.folder / job_id)

    # ---- the work

    def _launch(self, job_id, user_id):
        threading.Thread(target=self._work, args=(job_id, user_id), daemon=True).start()

    def _work(self, job_id, user_id):
        self.state.wait_in_queue(lambda: not self._waits(job_id, user_id))
        if not self._turn(job_id, user_id, JOB_STATUS.QUEUED, status=JOB_STATUS.RUNNING, started=_now()):
            return
        try:
            self._compute(job_id, user_id)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong ends the job
            self._fail(job_id, user_id, error)
            return
        self._log(job_id, "info", "Batch job finished")
        self._turn(
            job_id, user_id, JOB_STATUS.RUNNING, status=JOB_STATUS.FINISHED, finished=_now(), costs=CREDITS
        )

    def _waits(self, job_id, user_id):
        return (self.folder / job_id).exists() and self._read(job_id, user_id)["status"] == JOB_STATUS.QUEUED

    def _compute(self, job_id, user_id):
        job = self._read(job_id, user_id)
        self._log(job_id, "info", "Batch job started")
        self.state.spend_time(lambda: self._read(job_id, user_id)["status"] != JOB_STATUS.RUNNING)
        graph = json.loads(json.dumps(job["process"]["process_graph"]))
        found = self.backend.processing.evaluate(process_graph=graph, env=self._env(job, user_id))
        found = found[0] if isinstance(found, list) else found
        saved = found if isinstance(found, SaveResult) else to_save_result(found)
        target = self.folder / job_id / "results"
        written = saved.write_assets(target / "out")
        assets = {
            Path(k).name: {"output_dir": str(target), **v, "href": str(v["href"])} for k, v in written.items()
        }
        (self.folder / job_id / "assets.json").write_text(json.dumps(assets))

    def _env(self, job, user_id):
        return EvalEnv(
            {
                "backend_implementation": self.backend,
                "version": "1.2.0",
                "openeo_api_version": "1.2.0",
                "user": User(user_id=user_id),
                "require_bounds": True,
                "correlation_id": job["id"],
                "job_options": job.get("options"),
                "sync_job": False,
                "pyramid_levels": "highest",
                "log_level": "info",
            }
        )

    def _fail(self, job_id, user_id, error):
        _log.warning("job failed", exc_info=error)
        code = getattr(error, "code", type(error).__name__)
        self._log(job_id, "error", f"OpenEO batch job failed: {code}: {error}")
        self._turn(job_id, user_id, JOB_STATUS.RUNNING, status=JOB_STATUS.ERROR, finished=_now())

    # ---- the folder

    def _turn(self, job_id, user_id, before, **change):
        """Change a job if it is still as it was; it may have been cancelled or deleted."""
        with self._lock:
            if not (self.folder / job_id).exists():
                return False
            job = self._read(job_id, user_id)
            if job["status"] != before:
                return False
            self._write(job, **change)
            return True

    def _read(self, job_id, user_id):
        path = self.folder / job_id / "job.json"
        with self._lock:
            job = json.loads(path.read_text()) if path.exists() else {}
        if job.get("user") != user_id:
            raise JobNotFoundException(job_id=job_id)
        return job

    def _write(self, job, **change):
        path = self.folder / job["id"] / "job.json"
        with self._lock:
            whole = path.with_suffix(".part")
            whole.write_text(json.dumps({**job, **change, "updated": _now()}))
            whole.replace(path)

    def _log(self, job_id, level, message):
        path = self.folder / job_id / "logs.json"
        if not path.parent.exists():
            return
        entries = json.loads(path.read_text()) if path.exists() else []
        entries.append({"id": str(len(entries) + 1), "level": level, "message": message, "time": _now()})
        path.write_text(json.dumps(entries))


def _now():
    return rfc3339.datetime(datetime.now(UTC))
