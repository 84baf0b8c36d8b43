"""Workforce: employees, teams, skills, calendars, absences, and the import of employees."""
