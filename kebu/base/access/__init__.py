"""access 权限: who may do what, and how far they see.

Owns the list of permissions, the data scopes, the decorators that name a view's permission and the queryset
that narrows rows to what a user may see. It has no models: the user object (room staff) tells its permissions
and the owners whose customers it sees. It never decides by role name.
"""
