-- The draw: draw/SPEC.md, sections 6 to 8, from the tables frame, plan_stratum and seed.

-- Section 6: the wheel over strata gives each its count.
create unlogged table stratum as
with quota as (
    select *, div(num, den) as whole, num % den as rest, ticket(key(seed, 'quota-cell'), stratum) as ticket
    from plan_stratum, seed
), common as (
    select lcm_of(den) as d, start(key(seed, 'quota'), lcm_of(den)) as r from quota group by seed
), laid as (
    select *, div(d * rest, den) as length, sum(div(d * rest, den)) over (order by ticket, stratum) as "end" from quota, common
)
select stratum, units as all_units, weight as all_weight, num, den, whole, rest,
    whole + marks("end" - length, "end", r, d) as count,
    key(seed, 'select', stratum) as select_key,
    key(seed, 'cell', stratum) as cell_key,
    key(seed, 'wheel', stratum) as wheel_key
from laid;
analyze stratum;

-- Section 7, step 1. The frame says units and weights here; the plan's are compared with them.
create unlogged table cell as
select stratum, weight, count(*)::numeric as units from frame group by stratum, weight;
analyze cell;

-- Step 2, for the counts that sections 7 and 8 need: the one of the draw and those next to the quota. From
-- the heaviest cell on, n and W are what is left before it; a cell is certain if it and all heavier ones
-- pass. ("n" is the count before, "left_n" and "left_w" are n and W after this step.)
create unlogged table certainty as
with trial as (
    select stratum, 'draw' as role, count as n from stratum
    union all select stratum, 'low', whole from stratum
    union all select stratum, 'high', whole + 1 from stratum where rest > 0
), heavier as (
    select stratum, weight, units,
        sum(units) over heaviest - units as units_before,
        sum(units * weight) over (partition by stratum) - sum(units * weight) over heaviest + units * weight as w
    from cell window heaviest as (partition by stratum order by weight desc)
), passed as (
    select *, bool_and((n - units_before) * weight >= w) over (partition by stratum, role order by weight desc) as certain
    from heavier join trial using (stratum)
)
select stratum, role, weight, units, certain,
    n - coalesce(sum(units) filter (where certain) over every, 0) as left_n,
    coalesce(sum(units * weight) filter (where not certain) over every, 0) as left_w
from passed window every as (partition by stratum, role);
analyze certainty;

-- Steps 3 and 4: the cells that are left, in the order of their tickets, on a wheel. A cell's count is its marks.
create unlogged table taken as
with wheel as (
    select stratum, cell_key, start(wheel_key, left_w) as r
    from stratum join (select distinct stratum, left_w from certainty where role = 'draw' and not certain) as w using (stratum)
), laid as (
    select stratum, weight, left_n * weight * units as length, left_w as m, r,
        sum(left_n * weight * units) over (partition by stratum order by ticket(cell_key, weight::text), weight) as upto
    from certainty join wheel using (stratum) where role = 'draw' and not certain
)
select stratum, weight, c.units, c.certain,
    case when c.certain then c.units else marks(upto - length, upto, r, m) end as count,
    case when c.certain then fraction(c.units, 1) else fraction(length, m) end as share
from certainty as c left join laid using (stratum, weight) where role = 'draw';
analyze taken;

-- Step 5: rank by ticket. The ones that count are drawn, the next ones are reserves. So that not all units are
-- sorted, a cell's candidates are found first: the tickets by their first byte, up to where there are enough.
create unlogged table ticketed as
select stratum, weight, id, ticket(select_key, id) as ticket from frame join stratum using (stratum);
analyze ticketed;

create unlogged table drawn as
with wanted as (
    select stratum, weight, count, count + case when certain then 0 else reserves end as wanted from taken cross join plan
), bytes as (
    select stratum, weight, get_byte(ticket, 0) as byte,
        sum(count(*)) over (partition by stratum, weight order by get_byte(ticket, 0)) - count(*) as below
    from ticketed group by stratum, weight, get_byte(ticket, 0)
), candidate as (
    select stratum, weight, id, ticket, count, wanted
    from ticketed join bytes using (stratum, weight) join wanted using (stratum, weight)
    where byte = get_byte(ticket, 0) and below < wanted
)
select stratum, weight, id, ticket, rank, rank <= count as drawn
from (select *, row_number() over (partition by stratum, weight order by ticket, id) as rank from candidate) as ranked
where rank <= wanted;
analyze drawn;

-- Section 8. A chance is (1 - f) * a + f * b with a and b the chances for the counts next to the quota.
create view chance as
with p as (
    select stratum, weight, role,
        case when certain then 1 else left_n * weight end as num,
        case when certain then 1 else left_w end as den
    from certainty where role <> 'draw'
)
select stratum, weight, case when rest = 0 then fraction(a.num, a.den)
    else fraction((s.den - rest) * a.num * b.den + rest * b.num * a.den, s.den * a.den * b.den) end as chance
from stratum as s
join (select * from p where role = 'low') as a using (stratum)
left join (select * from p where role = 'high') as b using (stratum, weight);

-- The text of the result, in lines.
create unlogged table result as
select row_number() over (order by stratum nulls first, weight nulls first, rank) as n, line from (
    select null::label as stratum, null::bigint as weight, rank, line
    from plan cross join seed cross join lateral (values
        (1, 'doublerandom/result/v1'),
        (2, 'plan ' || encode(id, 'hex')),
        (3, 'seed ' || encode(seed, 'hex')),
        (4, 'drawn ' || (select sum(count) from stratum))) as head(rank, line)
    union all
    select stratum, null, 0, format('stratum %s %s %s %s %s', stratum, all_units, all_weight, fraction(num, den), count) from stratum
    union all
    select stratum, weight, 0, format('cell %s %s %s %s %s %s', weight, units, share, count, chance,
        case when certain then 'all' when count = 0 then 'none' else encode(ticket, 'hex') end)
    from taken join chance using (stratum, weight)
    left join (select stratum, weight, rank as count, ticket from drawn) as last using (stratum, weight, count)
    union all
    select stratum, weight, rank, format('%s %s %s %s', case when drawn then 'unit' else 'reserve' end, rank, id, encode(ticket, 'hex')) from drawn
) as line;
