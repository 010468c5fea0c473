"""interactions 跟进记录: what happened with a customer: calls, visits, WeChat, mail, meetings.

Owns Interaction and logging it; saving one moves the customer's last contact and next follow-up. Both the
time of the event and the time of the record are kept, so that lateness over 24 hours can be seen (S1-14).
"""
