"""signin 登录与安全: how people come in, stay in and go out.

Owns the sign-in page and its lock-out, the second factor, open sessions, the rules of passwords, identities
from outside, one's own account page and the page 登录安全. The mechanics of second factor, session rows and
outside identities are django-allauth's; what people see and what is written down is ours. It never decides
who a user is and what he may do: that is room staff's.
"""
