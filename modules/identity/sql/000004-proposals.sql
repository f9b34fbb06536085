-- Requests of staff that take four eyes: what one proposed, and what another decided.
create table identity_proposals (
  id int8 generated always as identity,
  method text not null,
  route text not null,
  params text not null,
  body text not null,
  scope text not null,
  proposed_by int8 not null,
  idempotency_key text not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null,
  decided_by int8,
  decided_at timestamptz,
  status int4,
  constraint identity_proposals_pkey primary key (id),
  constraint identity_proposals_key_unique unique (proposed_by, idempotency_key),
  constraint identity_proposals_state_known check (state in ('open', 'approved', 'rejected')),
  constraint identity_proposals_decided_with_name check ((state = 'open') = (decided_by is null)),
  constraint identity_proposals_decided_with_time check ((state = 'open') = (decided_at is null)),
  constraint identity_proposals_approved_by_another check (state <> 'approved' or decided_by <> proposed_by),
  constraint identity_proposals_decided_in_time check (state <> 'approved' or decided_at < expires_at),
  constraint identity_proposals_answered_after_approval check (status is null or state = 'approved')
);

create index identity_proposals_open on identity_proposals (id) where state = 'open';

grant select, insert on identity_proposals to huitong_app;

grant update (state, decided_by, decided_at, status) on identity_proposals to huitong_app;
