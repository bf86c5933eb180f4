-- Makes an empty PostgreSQL ready for the portal. Run once by the superuser, with psql:
-- beside the checkout by mash_portal/embedded.py, in production by the postgres image on its first start.
--
-- portal_owner owns the schema and migrates it. portal_app is what the portal runs as: it reads and writes rows,
-- owns nothing, truncates nothing, and cannot hold a lock or a statement for ever.
\set ON_ERROR_STOP on
\getenv owner_password PORTAL_OWNER_PASSWORD
\getenv app_password PORTAL_APP_PASSWORD

CREATE ROLE portal_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE portal_app LOGIN PASSWORD :'app_password';
ALTER ROLE portal_app SET statement_timeout = '15s';
ALTER ROLE portal_app SET lock_timeout = '5s';
ALTER ROLE portal_app SET idle_in_transaction_session_timeout = '30s';

-- In template1 as well, so that every database made later, such as the tests', starts with the same.
\connect template1
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal_app;
CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app;
