#!/bin/sh
# Runs once, when the database is made: the program's role, which owns nothing, and Temporal's own databases.
set -eu

psql -v ON_ERROR_STOP=1 -v app_password="$CASELOAD_APP_PASSWORD" -v temporal_password="$TEMPORAL_PASSWORD" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE caseload_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE caseload FROM PUBLIC;
GRANT CONNECT ON DATABASE caseload TO caseload_app;
SQL
