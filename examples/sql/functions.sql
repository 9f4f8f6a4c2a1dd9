-- Keys, tickets and the wheel: draw/SPEC.md, sections 1 and 3 to 5, and Hash of 12.2.
-- All numbers of a wheel are numeric, which is exact for whole numbers of any size.

-- A label of section 1. "C" compares the bytes of UTF-8.
create domain label as text collate "C" check (
    octet_length(value) between 1 and 64
    and value !~ '[\u0001-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]');

create function utf8(text) returns bytea stable strict parallel safe language sql as
$$ select convert_to($1, 'UTF8') $$;

-- Each part preceded by its length.
create function info(variadic parts bytea[]) returns bytea immutable strict parallel safe language sql as $$
    select string_agg(int4send(octet_length(part)) || part, '' order by i)
    from unnest('\x646f75626c6572616e646f6d2f7631'::bytea || parts) with ordinality as p(part, i) -- "doublerandom/v1"
$$;

-- A secret of 32 bytes, filled up with zeros to 64, each byte xor mask.
create function masked(secret bytea, mask int) returns bytea immutable strict parallel safe language sql as $$
    select string_agg(set_byte('\x00', 0, case when i < 32 then get_byte(secret, i) else 0 end # mask), '' order by i)
    from generate_series(0, 63) as i
$$;

-- RFC 2104.
create function hmac(secret bytea, message bytea) returns bytea immutable strict parallel safe language sql as
$$ select sha256(masked(secret, 92) || sha256(masked(secret, 54) || message)) $$;

create function key(secret bytea, purpose text, variadic parts text[] default '{}') returns bytea stable strict parallel safe language sql as $$
    select hmac(secret, info(variadic utf8(purpose) || array(
        select utf8(part) from unnest(parts) with ordinality as p(part, i) order by i)) || '\x01')
$$;

create function ticket(key bytea, name text) returns bytea stable strict parallel safe language sql as
$$ select substr(sha256(key || convert_to(name, 'UTF8')), 1, 16) $$;

create function start(key bytea, m numeric) returns numeric stable strict parallel safe language sql as $$
    with recursive look(i, x) as (
        select -1::bigint, null::numeric
        union all
        select i + 1, (
            select sum(get_byte(sha256(key || int8send(i + 1)), b) * 256::numeric ^ (7 - b))
            from generate_series(0, 7) as b)
        from look
        where x is null or x >= 18446744073709551616 - 18446744073709551616 % m
    )
    select trunc(x) % m from look order by i desc limit 1
$$;

-- Division of numeric is inexact, and div rounds to 0; this rounds down.
create function floordiv(a numeric, m numeric) returns numeric immutable strict parallel safe language sql as
$$ select div(a, m) - case when a % m < 0 then 1 else 0 end $$;

-- The marks of the interval from a to b on a wheel with M = m and start r.
create function marks(a numeric, b numeric, r numeric, m numeric) returns numeric immutable strict parallel safe language sql as
$$ select floordiv(b - 1 - r, m) - floordiv(a - 1 - r, m) $$;

-- A fraction in lowest terms.
create function fraction(num numeric, den numeric) returns text immutable strict parallel safe language sql as $$
    select div(num, d)::text || case when d = den then '' else '/' || div(den, d) end from gcd(num, den) as d
$$;

create aggregate lcm_of(numeric) (sfunc = lcm, stype = numeric, initcond = '1');
