#!/bin/bash
# Starts Postgres as the official image does: POSTGRES_USER, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE, POSTGRES_DB, PGDATA; the
# database is made where PGDATA is empty.
set -euo pipefail
user=${POSTGRES_USER:-postgres}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=${POSTGRES_PASSWORD:-$(cat "${POSTGRES_PASSWORD_FILE:?}")}
  initdb -D "$PGDATA" -U "$user" --auth-local=trust --auth-host=scram-sha-256 --pwfile=<(printf '%s\n' "$password") > /dev/null
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
  database=${POSTGRES_DB:-$user}
  if [ "$database" != postgres ]; then
    pg_ctl -D "$PGDATA" -w -o "-c listen_addresses=''" start > /dev/null
    createdb -h /var/run/postgresql -U "$user" "$database"
    pg_ctl -D "$PGDATA" -w -m fast stop > /dev/null
  fi
fi
[ "$1" = postgres ] || set -- postgres "$@"
exec "$@" -D "$PGDATA"
