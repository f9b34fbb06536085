-- What staff changed, or looked at of people's data: written before it is done, with the status of the answer added after it.
create table identity_staff_actions (
  id int8 generated always as identity,
  at timestamptz not null,
  staff_id int8 not null,
  session_id int8,
  kind text not null,
  method text not null,
  route text not null,
  path text not null,
  object text,
  status int4,
  address text not null,
  request_id text not null,
  constraint identity_staff_actions_pkey primary key (id),
  constraint identity_staff_actions_kind_known check (kind in ('change', 'read')),
  constraint identity_staff_actions_status_http check (status between 100 and 599)
);

create index identity_staff_actions_by_staff on identity_staff_actions (staff_id, id);

create index identity_staff_actions_by_object on identity_staff_actions (object, id) where object is not null;

grant select, insert on identity_staff_actions to huitong_app;

grant update (status) on identity_staff_actions to huitong_app;
