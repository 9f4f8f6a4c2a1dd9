-- What is published, as it is read. Order is by the bytes of UTF-8, hence "C".

-- One row of the frame for each line: ID, stratum, weight. n is the line's number.
create table unit (
	n       bigint generated always as identity,
	id      text collate "C" not null check (octet_length(id) between 1 and 64),
	stratum text collate "C" not null check (octet_length(stratum) between 1 and 64),
	written text not null constraint one_spelling_of_a_weight check (written ~ '^[1-9][0-9]{0,18}$'),
	weight  bigint generated always as (written::bigint) stored
);

create table plan_line (n bigint generated always as identity, line text not null);

-- The lines of the result that was published, for its seed and for comparison.
create table published_line (n bigint generated always as identity, line text not null);

-- The statements: series of lines, and a file for each statement: "notice",
-- "close", "pulse", "sealed", "opening", and "reveal 1", "reveal 2" and so on.
create table note_line (n bigint generated always as identity, file text not null, line text not null);
