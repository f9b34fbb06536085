-- Outcomes of commands by the caller's key, kept for ever: a repeat gets the first answer.
create table committer_outcomes (
  id uuid not null,
  caller text not null,
  key text not null,
  kind text not null,
  input text not null,
  done boolean not null,
  batch int8 not null,
  body text not null,
  constraint committer_outcomes_pkey primary key (id)
);

-- Events, written by the batch that caused them and read in this order by the relays.
create table committer_outbox (
  batch int8 not null,
  position int4 not null,
  topic text not null,
  key text not null,
  body jsonb not null,
  constraint committer_outbox_pkey primary key (batch, position)
);

-- Inputs that PostgreSQL would not store or that broke an invariant; staff look at them.
create table committer_cases (
  id int8 generated always as identity,
  kind text not null,
  input_form text not null,
  reason text not null,
  found_at timestamptz not null,
  constraint committer_cases_pkey primary key (id)
);

grant select, insert on committer_outcomes, committer_outbox, committer_cases to huitong_committer;

grant select on committer_outcomes, committer_outbox, committer_cases to huitong_app;
