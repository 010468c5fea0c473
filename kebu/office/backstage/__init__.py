"""backstage 后台: what runs behind the pages, for who keeps the house running.

Owns the pages of all background jobs and of the schedule: look, cancel, run again, run now. It never knows
what a job is about: rooms tell what their kinds are called, and their own pages show a job to who asked.
"""
