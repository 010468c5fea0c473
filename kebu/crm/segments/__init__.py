"""segments 客户分群: what people keep of the customer list, for themselves and for others.

Owns saved views (a state of the list under a name, a tab of it), each person's order of all tabs, and
segments: living lists that other rooms ask for their customers, with snapshots of who was in one on a day.
It never decides which customers a condition means, nor who sees them: the list does, for each reader anew.
"""
