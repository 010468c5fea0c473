"""base: technical rooms that know no customer (kit, ui, access, fields, search, jobs, journal, records)."""
