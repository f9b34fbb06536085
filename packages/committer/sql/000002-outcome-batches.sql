-- Outcomes of a batch as one row: a row and an entry of an index for each of thousands cost PostgreSQL more than their transfers did.
-- `directory` has 12 bytes an outcome, in the order of `outcomes`: the first 8 of SHA-256 over caller, U+0000 and key, and the offset in
-- `outcomes` at which it ends (4, big endian). `outcomes` is a JSON array in UTF-8 of [caller, key, kind, input, done, body].
create table committer_outcome_batches (
  batch int8 not null,
  count int4 not null,
  directory bytea not null,
  outcomes bytea not null,
  constraint committer_outcome_batches_pkey primary key (batch),
  constraint committer_outcome_batches_count_positive check (count > 0),
  constraint committer_outcome_batches_directory_whole check (octet_length(directory) = 12 * count)
);

-- Compressing would take the committer's core; as they are, a piece can be read without the rest.
alter table committer_outcome_batches alter column directory set storage external, alter column outcomes set storage external;

-- Where the keys of batches `first` to `last` are found, once there are enough of them; those of later batches are in the committer's memory.
create table committer_outcome_runs (
  last int8 not null,
  first int8 not null,
  keys int4 not null,
  filter bytea not null,
  constraint committer_outcome_runs_pkey primary key (last),
  constraint committer_outcome_runs_ordered check (first >= 1 and first <= last)
);

alter table committer_outcome_runs alter column filter set storage external;

-- Keys of a run by their first two bytes: 8 bytes of the key and 8 of its place (batch × 65,536 + position), big endian.
create table committer_outcome_keys (
  run int8 not null,
  prefix int4 not null,
  keys bytea not null,
  constraint committer_outcome_keys_pkey primary key (run, prefix),
  constraint committer_outcome_keys_whole check (octet_length(keys) % 16 = 0)
);

alter table committer_outcome_keys alter column keys set storage external;

insert into committer_outcome_batches (batch, count, directory, outcomes)
select batch, count(*)::int4,
  string_agg(digest || int4send(ends), ''::bytea order by place),
  convert_to('[' || string_agg(item, ',' order by place) || ']', 'UTF8')
from (
  select batch, place, digest, item,
    (sum(octet_length(convert_to(item, 'UTF8')) + 1) over (partition by batch order by place))::int4 as ends
  from (
    select batch, substring(uuid_send(id) from 1 for 8) as digest,
      row_number() over (partition by batch order by id) as place,
      json_build_array(caller, key, kind, input, done, body)::text as item
    from committer_outcomes) as items) as placed
group by batch;

drop table committer_outcomes;

-- The outcomes as rows, for people and tests.
create view committer_outcomes with (security_invoker = true) as
select b.batch, (listed.place - 1)::int4 as position, item ->> 0 as caller, item ->> 1 as key, item ->> 2 as kind, item ->> 3 as input,
  (item ->> 4)::boolean as done, item ->> 5 as body
from committer_outcome_batches b
cross join lateral json_array_elements(convert_from(b.outcomes, 'UTF8')::json) with ordinality as listed (item, place);

grant select, insert on committer_outcome_batches, committer_outcome_runs, committer_outcome_keys to huitong_committer;

grant select on committer_outcome_batches, committer_outcome_runs, committer_outcome_keys to huitong_app;

grant select on committer_outcomes to huitong_app, huitong_committer;
