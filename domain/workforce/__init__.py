"""Workforce: the rules of employees, calendars and their spreadsheets."""
