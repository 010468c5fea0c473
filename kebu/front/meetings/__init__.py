"""meetings 周会: a team's week, person by person (S1-21).

What changed, what is overdue, what is not solved, what comes next: read from the rooms below. Owns the
meetings and what was said in them: open problems, which go on from week to week until they are solved, and
decisions, each of which becomes a plan of its person. Never decides who sees what: the leader reads with his
own rights.
"""
