"""Registers the tables and the migrations with Piccolo."""

import os

from piccolo.conf.apps import AppConfig, table_finder

CURRENT_DIRECTORY = os.path.dirname(os.path.abspath(__file__))

APP_CONFIG = AppConfig(
    app_name="database",
    migrations_folder_path=os.path.join(CURRENT_DIRECTORY, "migrations"),
    table_classes=table_finder(
        modules=[
            "database.tenancy",
            "database.clientele",
            "database.claims",
            "database.edi",
            "database.enrolments",
            "database.remittances",
            "database.denials",
            "database.appeals",
            "database.approvals",
            "database.work",
            "database.inbox",
            "database.attachments",
            "database.documents",
            "database.expected_answers",
            "database.deposits",
            "database.balances",
            "database.insight",
            "database.workforce",
            "database.quality",
            "database.rules",
            "database.forms",
            "database.simulations",
            "database.float_rows",
            "database.clock_rows",
            "database.notifications",
            "database.incident_rows",
            "database.care",
            "database.care_plans",
            "database.forecasts",
            "database.care_months",
            "database.care_month_claims",
            "database.care_day",
            "database.assignment",
            "database.care_packets",
            "database.care_invoices",
            "database.sheets",
        ]
    ),
    migration_dependencies=[],
    commands=[],
)
