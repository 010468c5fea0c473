"""base: technical rooms that know no customer.

kit, bulk, ui, access, fields, search, jobs, journal, records.
"""
