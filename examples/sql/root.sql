-- The frame's root: draw/SPEC.md, section 2, the tree of RFC 6962 level by level. A last
-- node without a right neighbour goes up as it is. It is null if the frame is salted with an unknown secret.
create unlogged table root as
with recursive salt(key) as (
    select case when :'frame_secret' <> '' then key(decode(:'frame_secret', 'hex'), 'frame-salt') end
), level(size, i, hash) as (
    select (select count(*) from frame), n - 1, sha256('\x00' || utf8(
        id || ' ' || stratum || ' ' || weight
        || case when key is null then '' else ' ' || encode(ticket(key, id), 'hex') end))
    from frame, salt
    union all
    select (size + 1) / 2, i / 2, case when sibling is null then hash else sha256('\x01' || hash || sibling) end
    from (select size, i, hash, lead(hash) over (order by i) as sibling from level where size > 1) as pair
    where i % 2 = 0
)
select case when :'frame_secret' = '' and said('notice.note', 'frame') like 'salted %' then null else encode(hash, 'hex') end as root
from level where size = 1;
