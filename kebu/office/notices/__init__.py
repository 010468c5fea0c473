"""notices 通知: what people are told, each thing once, in the house and outside of it.

Owns Notice (the inbox), the kinds of notices and the readers that rooms above register, what each person
wants to hear how (Preference), the ways out (Channel: mail, robots of 企业微信, 钉钉, 飞书, interfaces) and
Delivery, the outbox: written with the notice, sent by the worker, never twice. It never decides that there is
something to tell, and shows and sends nothing about a record that its reader may not see.
"""
