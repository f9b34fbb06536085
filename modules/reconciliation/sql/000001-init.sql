-- What others state of our accounts, and how it agrees with the ledger. Nothing here moves money, so the server writes it; what becomes of a
-- difference is decided by the committer, since a write-off moves money in the same commit.
create table reconciliation_statements (
  id bigint generated always as identity,
  account_id bigint not null,
  digest bytea not null,
  format text not null,
  first_day date not null,
  last_day date not null,
  window_days smallint not null,
  lines integer not null,
  matched integer not null,
  differing integer not null,
  made_at timestamptz not null,
  made_by text not null,
  constraint reconciliation_statements_pkey primary key (id),
  constraint reconciliation_statements_once unique (account_id, digest),
  constraint reconciliation_statements_days check (last_day >= first_day and window_days between 0 and 31),
  constraint reconciliation_statements_counts check (lines >= 0 and matched >= 0 and matched <= lines and differing >= 0)
);

create index reconciliation_statements_of_account on reconciliation_statements (account_id, id desc);

create table reconciliation_matches (
  account_id bigint not null,
  transfer_id bigint not null,
  statement_id bigint not null,
  line integer not null,
  rule smallint not null,
  constraint reconciliation_matches_pkey primary key (account_id, transfer_id, statement_id, line)
);

create table reconciliation_differences (
  id bigint generated always as identity,
  statement_id bigint not null,
  account_id bigint not null,
  currency text not null,
  kind text not null,
  day date not null,
  line integer,
  transfer_id bigint,
  minor bigint not null,
  reference text not null,
  text text not null,
  found_at timestamptz not null,
  constraint reconciliation_differences_pkey primary key (id),
  constraint reconciliation_differences_kind_known check (kind in ('amount_differs', 'missing_in_ledger', 'missing_in_statement')),
  constraint reconciliation_differences_sides check (
    (line is null) = (kind = 'missing_in_statement') and (transfer_id is null) = (kind = 'missing_in_ledger'))
);

create index reconciliation_differences_of_statement on reconciliation_differences (statement_id, id);

create index reconciliation_differences_of_transfer on reconciliation_differences (account_id, transfer_id)
where transfer_id is not null;

-- Written by the committer: a difference is settled once.
create table reconciliation_resolutions (
  difference_id bigint not null,
  way text not null,
  transfer_id bigint,
  note text not null,
  resolved_at timestamptz not null,
  constraint reconciliation_resolutions_pkey primary key (difference_id),
  constraint reconciliation_resolutions_way_known check (way in ('booked', 'matched', 'noted')),
  constraint reconciliation_resolutions_transfer check ((way = 'noted') = (transfer_id is null))
);

create index reconciliation_resolutions_of_transfer on reconciliation_resolutions (transfer_id) where transfer_id is not null;

grant select, insert on reconciliation_statements, reconciliation_matches, reconciliation_differences to huitong_app;

grant select on reconciliation_resolutions to huitong_app;

grant select, insert on reconciliation_resolutions to huitong_committer;
