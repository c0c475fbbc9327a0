"""What is run: a job of each server's own, waited for, and what is told of it afterwards."""

import json
import os
from time import sleep

from expectations import equal, refused, true

JOB = "Example Data Source"


def ended(api, run):
    """How a run ended; two that are at work together may end in either order."""
    for _ in range(180):
        status = str(api.extras.job_results.get(run).status)
        if status not in ("PENDING", "STARTED"):
            return status
        sleep(1)
    return status


def jobs(api):
    data = json.loads(os.environ["CHECK_JOB_DATA"])
    job = api.extras.jobs.get(name=JOB)
    true(job.enabled, "the job may be run")
    equal(str(job), JOB, "a job prints its name")
    refused(lambda: api.extras.jobs.run(job_id=job.id, data={"no such variable": 1}), 400, "no such variable", "a variable there is not")

    started = api.extras.jobs.run(job_id=job.id, data=data)
    true(started.job_result.id, "a run has an id at once")
    waited = api.extras.jobs.run_and_wait(job_id=job.id, data=data, interval=1, max_rechecks=180)
    result = waited.job_result
    true(result.id != started.job_result.id, "each run is its own")
    equal(str(result.status), "SUCCESS", "a run is waited for")
    true(result.date_done, "and tells when it ended")
    equal(ended(api, started.job_result.id), "SUCCESS", "the first one ends too")
    true(api.extras.job_logs.count(job_result=result.id) > 0, "what it said")

    [sync] = api.plugins.ssot.history.filter(job_result=result.id)
    equal((sync.dry_run, sync.job_result.id), (True, result.id), "its sync")
    equal(api.plugins.ssot.logs.count(sync=sync.id, status="error"), 0, "without an error")
