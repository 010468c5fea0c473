"""jobs 后台任务: durable work behind the pages, with progress, retries and cancelling.

Owns the Job row (written in the transaction of whoever asks), the worker that claims and runs jobs, and the
clock of recurring work. A room registers what can be done by ``@job_kind("imports.commit")`` in its tasks.py;
only a view, a command or the schedule enqueues. It never knows what a job is about and never sends anything.
"""
