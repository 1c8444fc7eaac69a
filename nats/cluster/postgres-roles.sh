#!/bin/sh
# Runs once, when the database is made. The owner makes the tables; the service logs in as ticket_svc, which owns nothing
# and may do only what the roles tickets_app and tickets_upkeep may.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$SERVICE_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE tickets_app NOLOGIN;
CREATE ROLE tickets_upkeep NOLOGIN;
CREATE ROLE tickets_backup NOLOGIN;
CREATE ROLE ticket_svc LOGIN PASSWORD :'password' IN ROLE tickets_app, tickets_upkeep;
SQL
