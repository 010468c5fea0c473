"""reviews 复盘: a team's month or quarter in figures (S0-36…38, S1-22, S1-23).

What came, was won and was lost, how long that took, who works how, what lost and valuable customers have in
common, which rules are in force. Owns nothing: everything is read from the rooms below with the reader's
own rights.
"""
