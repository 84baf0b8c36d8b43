"""Workforce: employees, teams, skills, calendars, absences."""
