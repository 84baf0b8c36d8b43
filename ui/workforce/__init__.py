"""Workforce: employees, teams, skills, calendars, who is away."""
