-- Postings that are asked for now and decided at a later time.
create table ledger_scheduled_postings (
  id int8 not null,
  due_at timestamptz not null,
  raw boolean not null,
  legs text not null,
  state int2 not null,
  ended_batch int8,
  transfers int8[],
  refusal text,
  constraint ledger_scheduled_postings_pkey primary key (id),
  constraint ledger_scheduled_postings_state_known check (state between 1 and 4),
  constraint ledger_scheduled_postings_waits_or_ended check ((state = 1) = (ended_batch is null)),
  constraint ledger_scheduled_postings_posted_has_transfers check ((state = 2) = (transfers is not null)),
  constraint ledger_scheduled_postings_refused_has_refusal check ((state = 3) = (refusal is not null))
) with (fillfactor = 70);

create index ledger_scheduled_postings_due on ledger_scheduled_postings (due_at, id) where state = 1;

create index ledger_scheduled_postings_state on ledger_scheduled_postings (state, id);

grant select, insert, update on ledger_scheduled_postings to huitong_committer;

grant select on ledger_scheduled_postings to huitong_app;
