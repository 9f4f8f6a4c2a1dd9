-- Section 12: the seed, from the statements.

-- The lines of each statement: a note's text ends at its first empty line, and
-- what follows are signatures.
create table statement as
select file, n, line
from (select *, count(*) filter (where line = '') over (partition by file order by n) as empty from note_line) as line_of
where empty = 0;

-- Its ID is the hash of its text.
create table statement_id as
select file, sha256(utf8(string_agg(line || E'\n', '' order by n))) as id from statement group by file;

create function id_of(f text) returns bytea stable language sql
return (select id from statement_id where file = f);

-- What follows a word at the beginning of a line.
create function field(f text, word text) returns text stable language sql
return (select substr(line, length(word) + 2) from statement where file = f and starts_with(line, word || ' ') order by n limit 1);

create function hash_field(f text, word text) returns bytea stable language sql
return (select decode(field(f, word), 'hex') where field(f, word) ~ '^[0-9a-f]{64}$');

-- The contributions that the close counts, in its order. The value is that of the
-- reveal with the ID that the close states.
create table contribution as
select c.n, split_part(c.line, ' ', 2) as contributor, hash_field(r.file, 'value') as value
from statement as c left join statement_id as r
	on r.file like 'reveal %' and encode(r.id, 'hex') = split_part(c.line, ' ', 4) and field(r.file, 'contributor') = split_part(c.line, ' ', 2)
where c.file = 'close' and c.line like 'counted %';

-- P, the public value, which is known when the pulse is.
create table public_value as
select hash_of('public', variadic array[id_of('notice'), utf8(coalesce(field('pulse', 'value'), ''))]
	|| coalesce((select array_agg(part order by n, place) from contribution, lateral (values (1, utf8(contributor)), (2, value)) as of(place, part)), '{}')) as value
where id_of('close') is not null and (field('notice', 'beacon') = 'none none' or id_of('pulse') is not null);

create table seed as
select seed, 'the statements' as origin
from (select case field('notice', 'mode') when 'open' then value when 'sealed' then hmac(hash_field('opening', 'secret'), value) end as seed from public_value) as derived
where seed is not null;

-- A result without any statements is derived from the seed that it states itself.
insert into seed
select decode(substr(line, 6), 'hex'), 'the result itself' from published_line
where n = 3 and line ~ '^seed [0-9a-f]{64}$' and not exists (select from note_line);
