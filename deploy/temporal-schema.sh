#!/bin/sh
# Brings Temporal's two databases to the schema of its server; safe to run at every start.
set -eu

schemas=/etc/temporal/schema/postgresql/v12

sql_tool() { temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" -u "$POSTGRES_USER" --db "$@"; }

# Only a database without any version needs the first step; a second time it would lose the version it has.
bring_up() {
    sql_tool "$1" update-schema -d "$schemas/$2/versioned" && return 0
    sql_tool "$1" setup-schema -v 0.0
    sql_tool "$1" update-schema -d "$schemas/$2/versioned"
}

bring_up temporal temporal
bring_up temporal_visibility visibility
