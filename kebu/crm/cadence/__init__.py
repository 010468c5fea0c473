"""cadence 跟进节奏: how often each grade of customers is spoken to, and the plans that come of it.

Owns CadenceRule (per grade and rhythm, valid from a day on), which customers take part, the topics suggested
per 需求阶段, Turn (when a customer's next contact of a rhythm falls due and on which day it is planned), and
the engine that keeps turns and their plans true: off days off, days of a rep evenly filled, a contact made
before counted. Plans are made four weeks ahead, by followups; what somebody changed by hand stays his.
It never touches the customer's own next follow-up and never reminds anybody.
"""
