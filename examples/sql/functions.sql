-- The functions of draw/SPEC.md, sections 1 to 5 and 12.2, over PostgreSQL's own
-- sha256(bytea) and exact numeric. No extension and no other language is needed.

-- Section 1: fractions. Both numbers are whole.
create type fraction as (num numeric, den numeric);

create function fraction(num numeric, den numeric) returns fraction immutable parallel safe language sql
return row(div(num, gcd(num, den)), div(den, gcd(num, den)))::fraction;

create function fraction(t text) returns fraction immutable parallel safe language sql
return row(split_part(t, '/', 1)::numeric, case when t like '%/%' then split_part(t, '/', 2) else '1' end::numeric)::fraction;

create function spelled(f fraction) returns text immutable parallel safe language sql
return (f).num::text || case when (f).den = 1 then '' else '/' || (f).den::text end;

-- The least common multiple of many numbers: gcd and lcm are built in for two.
create aggregate least_common_multiple(numeric) (sfunc = lcm, stype = numeric, initcond = '1');

-- Numbers as bytes, big-endian, and back. send gives eight or four of them.
create function bytes4(n int) returns bytea immutable parallel safe language sql return int4send(n);
create function bytes8(n bigint) returns bytea immutable parallel safe language sql return int8send(n);

-- The first 8 bytes as a number from 0 to 2^64 - 1.
create function number8(b bytea) returns numeric immutable parallel safe language sql
return ('x' || encode(substr(b, 1, 4), 'hex'))::bit(32)::bigint::numeric * 4294967296
	+ ('x' || encode(substr(b, 5, 4), 'hex'))::bit(32)::bigint::numeric;

create function utf8(t text) returns bytea immutable parallel safe language sql return convert_to(t, 'UTF8');

-- Each part behind its length, as sections 3 and 12.2 have it.
create function counted(parts bytea[]) returns bytea immutable parallel safe language sql
return (select string_agg(bytes4(length(p)) || p, ''::bytea order by n) from unnest(parts) with ordinality as list(p, n));

-- HMAC (RFC 2104) with a key of 32 bytes: a block of SHA-256 has 64.
create function padded(key bytea, pad int) returns bytea immutable parallel safe language sql
return (select string_agg(set_byte('\x00', 0, pad # case when i < length(key) then get_byte(key, i) else 0 end), ''::bytea order by i)
	from generate_series(0, 63) as i);

create function hmac(key bytea, message bytea) returns bytea immutable strict parallel safe language sql
return sha256(padded(key, 92) || sha256(padded(key, 54) || message)); -- 0x5c and 0x36

-- Section 3: Key(secret, purpose, part, …) is HKDF-Expand with 32 bytes of output.
create function key_of(secret bytea, purpose text, variadic parts text[] default '{}') returns bytea immutable parallel safe language sql
return hmac(secret, counted(array['doublerandom/v1'::bytea, utf8(purpose)] || (select coalesce(array_agg(utf8(p) order by n), '{}')
	from unnest(parts) with ordinality as list(p, n))) || '\x01'::bytea);

-- Section 4: tickets are compared as bytes.
create function ticket(key bytea, name text) returns bytea immutable parallel safe language sql
return substr(sha256(key || utf8(name)), 1, 16);

-- Section 5: the start of a wheel of size m. The first number that is below the
-- greatest multiple of m gives it.
create function wheel_start(key bytea, m numeric) returns numeric immutable parallel safe language sql
return (with recursive tried(i, x) as (
		select 0::bigint, number8(sha256(key || bytes8(0)))
		union all
		select i + 1, number8(sha256(key || bytes8(i + 1))) from tried where x >= 18446744073709551616 - mod(18446744073709551616, m)
	)
	select mod(x, m) from tried order by i desc limit 1);

-- Division that rounds down; div rounds towards 0.
create function floored(a numeric, b numeric) returns numeric immutable parallel safe language sql
return div(a, b) - case when mod(a, b) < 0 then 1 else 0 end;

-- Section 5: the marks of the interval that ends at c_k and has a length.
create function marks(c_k numeric, length numeric, start numeric, m numeric) returns numeric immutable parallel safe language sql
return floored(c_k - 1 - start, m) - floored(c_k - length - 1 - start, m);

-- Section 12.2: Hash(purpose, part, …); null if a part is not known.
create function hash_of(purpose text, variadic parts bytea[]) returns bytea immutable parallel safe language sql
return case when array_position(parts, null) is null then sha256(counted(array['doublerandom/v1'::bytea, utf8(purpose)] || parts)) end;

-- Section 2: the root of RFC 6962 over leaf hashes in order. Neighbours are hashed
-- together, level by level; the last of an odd number goes up as it is, which is
-- the same tree.
create function root(leaves bytea[]) returns bytea immutable parallel safe language sql
return (with recursive level(hashes) as (
		select leaves
		union all
		select array(
			select case when count(*) = 2 then sha256('\x01'::bytea || string_agg(h, ''::bytea order by n)) else string_agg(h, ''::bytea) end
			from unnest(hashes) with ordinality as list(h, n) group by (n + 1) / 2 order by (n + 1) / 2)
		from level where cardinality(hashes) > 1
	)
	select hashes[1] from level where cardinality(hashes) = 1);
