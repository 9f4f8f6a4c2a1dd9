-- What is compared, by the names of section 13. The bytes of result.txt are compared
-- outside, as a file.
create function compared(equal boolean) returns text immutable language sql
return case when equal then 'ok' when not equal then 'wrong' else 'missing' end;

create table frame_root as
select encode(root(array_agg(sha256('\x00'::bytea || utf8(id || ' ' || stratum || ' ' || weight)) order by n)), 'hex') as root,
	count(*) as units, bool_and(ascends) as ascends
from (select *, coalesce(id > lag(id) over (order by n), true) as ascends from unit) as row_of;

create table finding as
select 1 as n, 'plan' as name, compared(hash_field('notice', 'plan') = id) as status,
	'plan.txt has the hash ' || encode(id, 'hex') || ', the notice names ' || coalesce(field('notice', 'plan'), 'none: there is no notice') as text
from plan
union all
select 2, 'frame-root', case when starts_with(field('notice', 'frame'), 'salted') then 'missing'
	else compared(ascends and root = frame and f.units = p.units and coalesce(field('notice', 'frame') = concat_ws(' ', 'plain', root, f.units), true)) end,
	concat_ws(' ', 'frame.txt has the root', root, 'of', f.units, case when ascends then 'rows in order;' else 'rows, not in order;' end,
		'the plan names', frame, p.units || ',', 'the notice', coalesce(field('notice', 'frame'), 'none: there is no notice'))
from plan as p, frame_root as f
union all
select 3, 'quotas', compared(not exists (select from stratum full join
		(select stratum as label, sum(units) as units, sum(units * weight) as weight from cell group by stratum) as have using (label, units, weight)
		where stratum.quota is null or have.label is null) and not exists (select from stratum where (quota).num > units * (quota).den)),
	'the strata of frame.txt have the units and weights that plan.txt states, and no quota is above the units'
union all
select 4, 'reveal', case when exists (select from contribution where value is null) then 'missing' else 'ok' end,
	count(*) || ' contributions are counted; there are files with the stated IDs for ' || count(value)
from contribution having id_of('close') is not null
union all
select 5, 'opening', compared(hash_of('secret', hash_field('opening', 'secret')) = hash_field('notice', 'secret')),
	'the hash of the secret is ' || coalesce(encode(hash_of('secret', hash_field('opening', 'secret')), 'hex'), 'not known') || ', the notice names ' || field('notice', 'secret')
where field('notice', 'mode') = 'sealed'
union all
select 6, 'derivation', case when not exists (select from seed where origin = 'the statements') then 'missing'
	else compared(not exists (select from statement_id where file <> 'notice' and field(file, 'notice') is distinct from encode(id_of('notice'), 'hex'))) end,
	coalesce((select concat_ws(' ', 'the seed', encode(seed, 'hex'), 'is from', origin) from seed), 'no seed follows from the statements that are there')
union all
select 7, 'selection', compared(sha256(utf8(string_agg(line || E'\n', '' order by place, stratum, weight, rank))) = hash_field('opening', 'result')),
	'the derived result has the hash ' || encode(sha256(utf8(string_agg(line || E'\n', '' order by place, stratum, weight, rank))), 'hex') || ', the opening names ' || field('opening', 'result')
from result_line having id_of('opening') is not null and count(*) > 0;
