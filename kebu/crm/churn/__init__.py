"""churn 流失预警: which customers who bought may leave, why one thinks so, and what is done about it.

Owns ChurnWarning (at most one open per customer) and ChurnRules, the thresholds. Signals are reckoned
every night for all and at once for a customer somebody spoke to or whose day was settled. A warning tells its
figures itself; what somebody works on never closes without him. It is a flag beside 客户类型, not a type.
"""
