"""changes 重要变更: what changed at a customer that everybody must know, and the 24-hour rule.

Owns ImportantChange (公司架构调整, 决策人更换, 需求升级: 变更日期 and 变更内容), Proposal (a change seen in
edited fields, to be confirmed), the list of what was recorded later than 24 hours after it happened, and
telling owner and collaborators of both contacts and changes. It never changes the customer's fields.
"""
