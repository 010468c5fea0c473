"""workdays 工作日历: on which days the office works.

Owns the shipped table of statutory days with the yearly exchanges of days (调休), OfficeDay (what the office
says itself: next year's notice, days of its own), and the calendar that every room asks for workdays. For
years whose notice is not there yet it knows weekends and the days fixed by law, and says so; it never guesses
an exchange of days.
"""
