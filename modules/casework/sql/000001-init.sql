-- What people have to look at. Opened by events, by inputs that could not be written, and by customers who complain.
create table casework_cases (
  id int8 generated always as identity,
  kind text not null,
  -- What opened it, so that the same thing opens one case however often it is told.
  source text not null,
  -- The public id of what it is about.
  subject text,
  -- Who complains; null of cases that nobody outside sees.
  customer_id int8,
  summary text not null,
  state text not null,
  assignee text,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  resolved_at timestamptz,
  resolution text,
  constraint casework_cases_pkey primary key (id),
  constraint casework_cases_source_once unique (source),
  constraint casework_cases_kind_known check (kind in ('dispute', 'risk_hold', 'poison_input', 'refusal', 'complaint', 'link_refusal')),
  constraint casework_cases_state_known check (state in ('open', 'assigned', 'waiting', 'resolved')),
  constraint casework_cases_worked_by_somebody check (state not in ('assigned', 'waiting') or assignee is not null),
  constraint casework_cases_open_by_nobody check (state <> 'open' or assignee is null),
  constraint casework_cases_resolved_with_reason check (
    (state = 'resolved') = (resolved_at is not null) and (state = 'resolved') = (resolution is not null)
  ),
  constraint casework_cases_complaint_of_customer check ((kind = 'complaint') = (customer_id is not null)),
  constraint casework_cases_due_later check (due_at > opened_at)
);

create index casework_cases_due on casework_cases (due_at, id) where state <> 'resolved';

create index casework_cases_of_customer on casework_cases (customer_id, id desc) where customer_id is not null;

-- What was done to a case, by whom, and what they wrote. Never changed.
create table casework_entries (
  id int8 generated always as identity,
  case_id int8 not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  note text,
  constraint casework_entries_pkey primary key (id),
  constraint casework_entries_case_exists foreign key (case_id) references casework_cases (id)
);

create index casework_entries_of_case on casework_entries (case_id, id);

grant select, insert, update on casework_cases to huitong_app;

grant select, insert on casework_entries to huitong_app;
