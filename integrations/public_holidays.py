"""The federal holidays of the United States, on the days on which offices are closed for them."""

from datetime import date

from holidays import country_holidays


def federal_holidays(year: int) -> list[tuple[date, str]]:
    """Days of a year in order with their names; a holiday on a weekend is kept on the working day beside it as well."""
    found = country_holidays("US", years=year, observed=True)
    return sorted((day, name) for day, name in found.items() if day.year == year)
