-- The seed: draw/SPEC.md, sections 12.1, 12.2 and 13.1, from the texts of the notes.

-- A note's text is all up to its last empty line.
create unlogged table statement_line as
select file, row_number() over (partition by file order by n) as n, line, split_part(line, ' ', 1) as key,
    substr(line, length(split_part(line, ' ', 1)) + 2) as value
from note join (select file, max(n) as last from note where line = '' group by file) as ending using (file)
where n < last;

create view statement as
select file, encode(sha256(utf8(string_agg(line || E'\n', '' order by n))), 'hex') as id from statement_line group by file;

-- What a statement says in the one line that begins with a word.
create function said(file text, word text) returns text stable strict language sql as
$$ select value from statement_line as s where s.file = said.file and s.key = said.word and n > 1 $$;

create function id_of(file text) returns text stable strict language sql as
$$ select id from statement as s where s.file = id_of.file $$;

-- The contributions that the close counts, in its order, each with the reveal of that contributor, if there is one.
create unlogged table counted as
select c.n, contributor, reveal, r.id, case when r.id = reveal then decode(r.value, 'hex') end as value
from (
    select n, split_part(value, ' ', 1) as contributor, split_part(value, ' ', 3) as reveal
    from statement_line where file = 'close.note' and key = 'counted'
) as c
left join lateral (
    select id, said(file, 'value') as value from statement
    where file like 'reveals/%' and said(file, 'notice') = id_of('notice.note') and said(file, 'contributor') = contributor
    order by id <> reveal limit 1
) as r on true;

-- P, the public value. It is null, and so is the seed, if anything is missing.
create view public_value as
select sha256(info(variadic array[utf8('public'), decode(id_of('notice.note'), 'hex'), pulse] || coalesce(parts, '{}'))) as p
from (select case when said('notice.note', 'beacon') = 'none none' then '' else utf8(said('pulse.note', 'value')) end as pulse) as pulse,
    (select array_agg(part order by n, place) as parts, coalesce(bool_and(value is not null), true) as complete
     from counted, lateral (values (1, utf8(contributor)), (2, value)) as v(place, part)) as parts
where complete and pulse is not null and id_of('close.note') is not null;

create unlogged table seed as
select case
    when :'seed' <> '' then decode(:'seed', 'hex')
    when said('notice.note', 'mode') = 'open' then (select p from public_value)
    else hmac(decode(nullif(said('opening.note', 'secret'), 'none'), 'hex'), (select p from public_value))
end as seed;
