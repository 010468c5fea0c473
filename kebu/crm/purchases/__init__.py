"""purchases 采购记录: what customers bought, when, how much and for how many 元, and whose purchases grow.

Owns Purchase, Rise (采购增长: a customer bought more within a stretch of days than in the one before, told
with its figures) and GrowthRule, from how much on that counts. A Rise is reckoned in the transaction of the
purchase that caused it, and every night for what only days or a changed rule bring about. It tells nobody:
reminders read it.
"""
