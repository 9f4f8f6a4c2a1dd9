-- The whole check, which the program check runs with psql. Everything is made in one
-- transaction in a schema of its own and is gone afterwards, unless keep is "commit".
\set ON_ERROR_STOP on
begin;
set local client_min_messages = warning;
set local bytea_output = hex;
set local work_mem = '256MB';
set local jit = off; -- it would cost more than it gains
create schema doublerandom;
set local search_path = doublerandom, pg_catalog;
\ir functions.sql
\ir load.sql
\ir seed.sql
\ir root.sql
\ir draw.sql
\ir findings.sql
-- CSV as in load.sql: nothing is quoted.
copy (select line from result order by n) to stdout with (format csv, delimiter E'\x01', quote E'\x02') \g :result
copy (
    select case when published is null or derived is null then 'missing ' when published = derived then 'equal   ' else 'DIFFERS ' end
        || what || ': ' || case when published = derived then derived
            else coalesce(published, 'nothing') || ' is published, ' || coalesce(derived, 'nothing') || ' derived' end
    from finding order by n, what
) to stdout with (format csv, delimiter E'\x01', quote E'\x02') \g :findings
:keep;
