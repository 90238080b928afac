#!/bin/sh
# Creates Temporal's two databases and brings each to the schema of this release. Repeating it changes nothing.
# SQL_HOST, SQL_PORT, SQL_USER and SQL_PLUGIN are read by the tool itself.
set -eu
SQL_PASSWORD=$(cat "$SQL_PASSWORD_FILE")
export SQL_PASSWORD

set_up() {
  temporal-sql-tool --database "$1" create-database
  temporal-sql-tool --database "$1" setup-schema --version 0.0
  temporal-sql-tool --database "$1" update-schema --schema-dir "$SQL_SCHEMAS/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
