-- Gives the roles that connect over the network their passwords, from the environment of psql.
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv worker_password WORKER_PASSWORD

ALTER ROLE strata_owner PASSWORD :'owner_password';
ALTER ROLE strata_app PASSWORD :'app_password';
ALTER ROLE strata_worker PASSWORD :'worker_password';
