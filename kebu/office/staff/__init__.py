"""staff 员工与组织: people, departments and roles; the first administrator.

Owns User, Department and Role and answers the two questions of room access: what may this user do, and the
customers of which owners does he see. It never knows customers.
"""
