"""Piccolo Admin for a tenant's master data: no sign-in of its own, confined to the tenant, process tables read-only."""

from services.admin.app import admin_app
from services.admin.hidden import HIDDEN
from services.admin.tables import SHOWN

__all__ = ["HIDDEN", "SHOWN", "admin_app"]
