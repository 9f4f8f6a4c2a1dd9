-- What the bundle's texts say of each other: a value that is published and the one derived here.
create unlogged table finding as
select * from (
    select 1 as n, 'frame.txt: bytes' as what, :'frame_bytes' as published,
        sum(octet_length(id) + octet_length(stratum) + octet_length(weight::text) + 3)::text as derived from frame
    union all
    select 2, 'frame.txt: units in order, each once', count(*)::text, count(*) filter (where before is null or before < id)::text
    from (select id, lag(id) over (order by n) as before from frame) as pair
    union all
    select 3, 'plan.txt: its lines written again', :'plan_bytes' || ' ' || encode(id, 'hex'), octet_length(text) || ' ' || encode(sha256(utf8(text)), 'hex') from plan, plan_again
    union all
    select 4, 'plan: suite', suite, 'sha256' from plan
    union all
    select 5, 'plan: units', units::text, (select count(*) from frame)::text from plan
    union all
    select 6, 'plan: root of the frame', plan.root, root.root from plan, root
    union all
    select 7, 'plan: strata with their units and weights', (select count(*) from plan_stratum)::text, (
        select count(*) from plan_stratum join (
            select stratum, sum(units) as units, sum(units * weight) as weight from cell group by stratum
        ) as s using (stratum, units, weight))::text
    union all
    select n + 10, what, published, derived from (values
        (1, 'notice: plan', said('notice.note', 'plan'), (select encode(id, 'hex') from plan)),
        (2, 'notice: frame', said('notice.note', 'frame'),
            case when :'frame_secret' = '' then 'plain ' else 'salted ' end || (select root from root) || ' ' || (select units from plan)),
        (3, 'close: notice', said('close.note', 'notice'), id_of('notice.note'))
    ) as v(n, what, published, derived) where :'seed' = ''
    union all
    select 20, 'close: reveal of ' || contributor, reveal, id from counted where :'seed' = ''
    union all
    select n + 30, what, published, derived from (values
        (1, 'pulse: notice', said('pulse.note', 'notice'), id_of('notice.note')),
        (2, 'pulse: close', said('pulse.note', 'close'), id_of('close.note')),
        (3, 'pulse: beacon and round', said('pulse.note', 'beacon') || ' ' || said('pulse.note', 'round'), said('notice.note', 'beacon'))
    ) as v(n, what, published, derived) where :'seed' = '' and said('notice.note', 'beacon') <> 'none none'
    union all
    select n + 40, what, published, derived from (values
        (1, 'opening: notice', said('opening.note', 'notice'), id_of('notice.note')),
        (2, 'opening: sealed result', said('opening.note', 'sealed'), id_of('sealed.note')),
        (3, 'opening: secret that the notice commits to', said('notice.note', 'secret'),
            encode(sha256(info(utf8('secret'), decode(nullif(said('opening.note', 'secret'), 'none'), 'hex'))), 'hex')),
        (4, 'opening: hash of the result', said('opening.note', 'result'),
            (select encode(sha256(utf8(string_agg(line || E'\n', '' order by n))), 'hex') from result, seed where seed is not null))
    ) as v(n, what, published, derived) where :'seed' = '' and said('notice.note', 'mode') = 'sealed'
    union all
    select 50, 'seed', coalesce(nullif(:'published_seed', ''), 'none'), encode(seed, 'hex') from seed
) as f;
