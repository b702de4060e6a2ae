-- The database roles of Strata. Run by a superuser in the database itself (default privileges
-- belong to one database); running it again changes nothing.
--
--   strata_owner   owns the tables, runs migrations
--   strata_app     the web: rows of the sites in app.sites, and no others
--   strata_worker  the background: the same, and the queue tables in full
--   strata_stats   reads every site's rows, for statistics; taken on by SET LOCAL ROLE
--   strata_public  reads released figures only
--   strata_backup  reads everything, changes nothing

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('strata_owner',  'LOGIN NOINHERIT NOBYPASSRLS'),
            ('strata_app',    'LOGIN NOINHERIT NOBYPASSRLS'),
            ('strata_worker', 'LOGIN NOINHERIT NOBYPASSRLS'),
            ('strata_stats',  'LOGIN NOINHERIT NOBYPASSRLS'),
            ('strata_public', 'LOGIN NOINHERIT NOBYPASSRLS'),
            -- It inherits, because pg_read_all_data is what it lives on.
            ('strata_backup', 'LOGIN INHERIT BYPASSRLS')
        ) AS roles (name, attributes)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I', wanted.name);
        END IF;
        EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEROLE %s', wanted.name, wanted.attributes);
    END LOOP;
    -- template1 is prepared for throw-away databases and keeps its owner.
    IF NOT (SELECT datistemplate FROM pg_database WHERE datname = current_database()) THEN
        EXECUTE format('ALTER DATABASE %I OWNER TO strata_owner', current_database());
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format(
            'GRANT CONNECT ON DATABASE %I TO strata_app, strata_worker, strata_stats, strata_public, strata_backup',
            current_database()
        );
        -- The worker stages the cases of a file beside the tables (docs/adr/0014).
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO strata_worker', current_database());
    END IF;
END
$$;

GRANT strata_stats TO strata_app, strata_worker;
GRANT pg_read_all_data TO strata_backup;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO strata_app, strata_worker, strata_stats, strata_public, strata_backup;
GRANT USAGE, CREATE ON SCHEMA public TO strata_owner;

ALTER DEFAULT PRIVILEGES FOR ROLE strata_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO strata_app, strata_worker;
ALTER DEFAULT PRIVILEGES FOR ROLE strata_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO strata_app, strata_worker;
