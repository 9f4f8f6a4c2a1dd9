-- The whole check, in one transaction that is rolled back: nothing stays behind.
-- psql runs it in the folder of a bundle; see the program check beside it.
\set ON_ERROR_STOP on
\set QUIET on
set client_encoding = 'UTF8';
set client_min_messages = warning;
begin;
create schema public_draw;
set local search_path = public_draw;
set local work_mem = '256MB';
set local jit = off;
\ir functions.sql
\ir tables.sql
-- Fields are separated by spaces, or are whole lines. Quotes and escapes are
-- characters that no text has, so that every other one stands for itself.
\copy unit (id, stratum, written) from frame.txt (format csv, delimiter ' ', quote E'\x01', force_not_null (id, stratum))
\copy plan_line (line) from plan.txt (format csv, delimiter E'\x02', quote E'\x01', force_not_null (line))
\copy published_line (line) from program 'cat result.txt 2>/dev/null || true' (format csv, delimiter E'\x02', quote E'\x01', force_not_null (line))
\copy note_line (file, line) from pstdin (format csv, delimiter E'\x02', quote E'\x01', force_not_null (line))
analyze unit;
\ir seed.sql
\ir draw.sql
\ir checks.sql
\pset format unaligned
\pset tuples_only on
\o :findings
select rpad(status, 10) || ' ' || rpad(name, 13) || ' ' || text from finding order by n;
\o :derived
select line from result_line order by place, stratum, weight, rank;
\o
rollback;
