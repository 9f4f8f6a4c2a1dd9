-- Sections 6 to 8: the draw, from plan, frame and seed.

create table plan as
select sha256(utf8(string_agg(line || E'\n', '' order by n))) as id,
	max(substr(line, 7)) filter (where n = 2 and line like 'suite %') as suite,
	max(substr(line, 7)) filter (where n = 3 and line like 'frame %') as frame,
	max(substr(line, 7)) filter (where n = 4 and line like 'units %')::bigint as units,
	max(substr(line, 10)) filter (where n = 5 and line like 'reserves %')::bigint as reserves
from plan_line;

-- Section 6: a quota is a whole number and a rest of den-ths.
create table stratum as
select label, units, weight, quota, div((quota).num, (quota).den) as whole, mod((quota).num, (quota).den) as rest
from (select split_part(line, ' ', 2) collate "C" as label, split_part(line, ' ', 3)::numeric as units,
		split_part(line, ' ', 4)::numeric as weight, fraction(split_part(line, ' ', 5)) as quota
	from plan_line where n > 5) as plan_stratum;

-- The rests lie on a wheel, in the order of the strata's tickets.
create table counted_stratum as
with wheel as materialized (
	select m, wheel_start(key_of(seed, 'quota'), m) as start, key_of(seed, 'quota-cell') as key
	from seed, (select least_common_multiple((quota).den) as m from stratum) as denominators
), laid as (
	select label, units, whole, rest * div(m, (quota).den) as length, m, start,
		sum(rest * div(m, (quota).den)) over (order by ticket(key, label), label) as c_k
	from stratum, wheel
)
select label, whole + marks(c_k, length, start, m) as count from laid;

-- Section 7.1: the cells, the units of one weight.
create table cell as
select stratum, weight::numeric as weight, count(*)::numeric as units from unit group by stratum, weight;

-- Section 7.2, for each count that a stratum may have: what is certain, and the
-- count and weight that are left. Certain are the heaviest cells, as long as n·w is
-- not below what is left of W.
create table design as
with possible as (
	select label as stratum, count as n from counted_stratum
	union select label, whole from stratum
	union select label, whole + 1 from stratum where rest > 0
), left_of as (
	select stratum, n, weight, units, n - coalesce(sum(units) over heavier, 0) as n_left,
		sum(units * weight) over (partition by stratum, n) - coalesce(sum(units * weight) over heavier, 0) as w_left
	from possible join cell using (stratum)
	window heavier as (partition by stratum, n order by weight desc rows between unbounded preceding and 1 preceding)
), decided as (
	select *, bool_and(n_left * weight >= w_left) over (partition by stratum, n order by weight desc) as certain from left_of
)
select stratum, n, weight, units, certain,
	n - coalesce(sum(units) filter (where certain) over (partition by stratum, n), 0) as n_rest,
	coalesce(sum(units * weight) filter (where not certain) over (partition by stratum, n), 0) as w_rest
from decided;

-- Section 8: the chance π(n) of a unit, and from those the chance over all seeds.
create function chance(d design) returns fraction immutable language sql
return case when (d).certain then fraction(1, 1) else fraction((d).n_rest * (d).weight, (d).w_rest) end;

-- (1 − f)·low + f·high with f = rest / den.
create function mixed(low fraction, high fraction, rest numeric, den numeric) returns fraction immutable language sql
return fraction((den - rest) * (low).num * (high).den + rest * (high).num * (low).den, den * (low).den * (high).den);

create table chance_of_cell as
select d.stratum, d.weight, case when rest = 0 then chance(d) else mixed(chance(d), chance(up), rest, (quota).den) end as chance
from stratum join design as d on d.stratum = label and d.n = whole
	left join design as up on up.stratum = label and up.n = whole + 1 and up.weight = d.weight;

-- Sections 7.3 and 7.4: the cells that are left lie on a wheel, in the order of
-- their tickets.
create table counted_cell as
with wheel as materialized (
	select stratum, w_rest as m, wheel_start(key_of(seed, 'wheel', stratum), w_rest) as start, key_of(seed, 'cell', stratum) as key
	from seed, (select distinct stratum, w_rest from design join counted_stratum on stratum = label and n = count where w_rest > 0) as rest
), laid as (
	select stratum, weight, n_rest * weight * units as length, m, start,
		sum(n_rest * weight * units) over (partition by stratum order by ticket(key, weight::text), weight) as c_k
	from design join counted_stratum on stratum = label and n = count join wheel using (stratum)
	where not certain
)
select stratum, weight, units, certain, chance, case when certain then units else marks(c_k, length, start, m) end as count,
	case when certain then fraction(units, 1) else fraction(n_rest * weight * units, w_rest) end as share
from design join counted_stratum on stratum = label and n = counted_stratum.count
	join chance_of_cell using (stratum, weight) left join laid using (stratum, weight);

-- Section 7.5: the smallest tickets of each cell, and its reserves.
create table taken as
with key as materialized (
	select label as stratum, key_of(seed, 'select', label) as key from seed, stratum
), ranked as (
	select stratum, weight, id, ticket(key, id) as ticket,
		row_number() over (partition by stratum, weight order by ticket(key, id), id) as rank
	from unit join key using (stratum)
)
select stratum, weight, ranked.id, ticket, rank, rank <= count as drawn
from ranked join counted_cell using (stratum, weight), plan
where rank <= count + case when certain then 0 else reserves end;

-- Section 8: the text of the result, in order of place, stratum, weight and rank.
create table result_line as
select 0 as place, '' collate "C" as stratum, 0::numeric as weight, n as rank, line
from plan, seed, (select sum(count) as drawn from counted_stratum) as total,
	lateral (values (1, 'doublerandom/result/v1'), (2, 'plan ' || encode(id, 'hex')), (3, 'seed ' || encode(seed, 'hex')), (4, 'drawn ' || drawn)) as head(n, line)
union all
select 1, label, 0, 0, concat_ws(' ', 'stratum', label, units, weight, spelled(quota), count)
from stratum join counted_stratum using (label)
union all
select 1, c.stratum, c.weight, 0, concat_ws(' ', 'cell', c.weight, units, spelled(share), count, spelled(chance),
	case when certain then 'all' when count = 0 then 'none' else encode(ticket, 'hex') end)
from counted_cell as c left join taken as last on last.stratum = c.stratum and last.weight = c.weight and last.rank = count
union all
select 1, stratum, weight, rank, concat_ws(' ', case when drawn then 'unit' else 'reserve' end, rank, id, encode(ticket, 'hex'))
from taken;
