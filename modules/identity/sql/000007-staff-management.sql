-- Staff who may not come in for now, and the request that each was added by: a repeat of it adds nobody.
alter table identity_staff drop constraint identity_staff_status_known;

alter table identity_staff add constraint identity_staff_status_known check (status in ('active', 'suspended', 'left'));

alter table identity_staff add column added_by_request text;

create unique index identity_staff_one_by_request on identity_staff (added_by_request) where added_by_request is not null;

-- Customers who lost all that they prove themselves by: asked for by two members of staff, done after a time in which the customer may object.
create table identity_sign_in_resets (
  id int8 generated always as identity,
  customer_id int8 not null,
  reason text not null,
  requested_at timestamptz not null,
  effective_at timestamptz not null,
  state text not null,
  decided_at timestamptz,
  constraint identity_sign_in_resets_pkey primary key (id),
  constraint identity_sign_in_resets_state_known check (state in ('open', 'objected', 'done')),
  constraint identity_sign_in_resets_decided_with_time check ((state = 'open') = (decided_at is null)),
  constraint identity_sign_in_resets_wait check (effective_at > requested_at),
  constraint identity_sign_in_resets_done_in_time check (state <> 'done' or decided_at >= effective_at)
);

create unique index identity_sign_in_resets_one_open on identity_sign_in_resets (customer_id) where state = 'open';

create index identity_sign_in_resets_by_customer on identity_sign_in_resets (customer_id, id);

grant select, insert on identity_sign_in_resets to huitong_app;

grant update (state, decided_at) on identity_sign_in_resets to huitong_app;
