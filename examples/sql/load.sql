-- The texts of a bundle: draw/SPEC.md, section 1. psql runs in the bundle's folder.
--
-- COPY's text format gives a meaning to backslashes, and its CSV format to quotes. Here the
-- format is CSV, and what quotes is U+0002, which no label may contain. So every
-- character stands for itself; findings.sql compares the bytes that arrived with the file's.

create unlogged table frame (
    n      bigint generated always as identity, -- the line in the file
    id     label  not null,
    stratum label not null,
    weight bigint not null check (weight > 0)
);
\copy frame (id, stratum, weight) from 'frame.txt' with (format csv, delimiter ' ', quote E'\x02', encoding 'UTF8')
alter table frame add primary key (n);
analyze frame;

create unlogged table plan_line (n bigint generated always as identity, line text collate "C" not null);
\copy plan_line (line) from 'plan.txt' with (format csv, delimiter E'\x01', quote E'\x02', encoding 'UTF8')

-- All notes in one stream: the file's name and a line.
create unlogged table note (n bigint generated always as identity, file text collate "C" not null, line text collate "C" not null);
\copy note (file, line) from pstdin with (format csv, delimiter E'\x01', quote E'\x02', null E'\x03', encoding 'UTF8')

create view plan as select
    sha256(utf8(string_agg(line || E'\n', '' order by n))) as id,
    max(substr(line, 7)) filter (where n = 2 and line like 'suite %') as suite,
    max(substr(line, 7)) filter (where n = 3 and line like 'frame %') as root,
    max(substr(line, 7)) filter (where n = 4 and line like 'units %')::numeric as units,
    max(substr(line, 10)) filter (where n = 5 and line like 'reserves %')::numeric as reserves
from plan_line;

create unlogged table plan_stratum as
select split_part(line, ' ', 2)::label as stratum,
    split_part(line, ' ', 3)::numeric as units,
    split_part(line, ' ', 4)::numeric as weight,
    split_part(split_part(line, ' ', 5), '/', 1)::numeric as num,
    coalesce(nullif(split_part(split_part(line, ' ', 5), '/', 2), ''), '1')::numeric as den
from plan_line where n > 5;
analyze plan_stratum;

-- The plan written again from what was read of it: one value has one text.
create view plan_again as
select string_agg(line || E'\n', '' order by n, stratum) as text from (
    select 1 as n, null::label as stratum, concat_ws(E'\n', 'doublerandom/plan/v1', 'suite ' || suite,
        'frame ' || root, 'units ' || units, 'reserves ' || reserves) as line from plan
    union all
    select 2, stratum, format('stratum %s %s %s %s', stratum, units, weight, fraction(num, den)) from plan_stratum
) as again;
