"""visits 拜访计划: a day's round of customers near each other, in order (S3-03).

Owns Trip, a person's round on a day, and the order of its Stops; each stop is a plan (跟进计划) of kind 拜访,
which is completed, put off and cancelled like any other. Finds customers of one city district by district.
Never decides who may plan: that is the plan's right.
"""
