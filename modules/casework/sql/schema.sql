create table casework_cases (
  id bigint not null generated always as identity,
  kind text not null,
  source text not null,
  subject text,
  customer_id bigint,
  summary text not null,
  state text not null,
  assignee text,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  resolution text,
  constraint casework_cases_complaint_of_customer CHECK (((kind = 'complaint'::text) = (customer_id IS NOT NULL))),
  constraint casework_cases_due_later CHECK ((due_at > opened_at)),
  constraint casework_cases_kind_known CHECK ((kind = ANY (ARRAY['dispute'::text, 'risk_hold'::text, 'poison_input'::text, 'refusal'::text, 'complaint'::text, 'link_refusal'::text, 'reconciliation'::text, 'reserve'::text, 'channel_order'::text, 'bank_payment'::text]))),
  constraint casework_cases_open_by_nobody CHECK (((state <> 'open'::text) OR (assignee IS NULL))),
  constraint casework_cases_pkey PRIMARY KEY (id),
  constraint casework_cases_resolved_with_reason CHECK ((((state = 'resolved'::text) = (resolved_at IS NOT NULL)) AND ((state = 'resolved'::text) = (resolution IS NOT NULL)))),
  constraint casework_cases_source_once UNIQUE (source),
  constraint casework_cases_state_known CHECK ((state = ANY (ARRAY['open'::text, 'assigned'::text, 'waiting'::text, 'resolved'::text]))),
  constraint casework_cases_worked_by_somebody CHECK (((state <> ALL (ARRAY['assigned'::text, 'waiting'::text])) OR (assignee IS NOT NULL)))
);
CREATE INDEX casework_cases_due ON casework_cases USING btree (due_at, id) WHERE (state <> 'resolved'::text);
CREATE INDEX casework_cases_of_customer ON casework_cases USING btree (customer_id, id DESC) WHERE (customer_id IS NOT NULL);
grant insert, select, update on casework_cases to huitong_app;

create table casework_entries (
  id bigint not null generated always as identity,
  case_id bigint not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  note text,
  constraint casework_entries_case_exists FOREIGN KEY (case_id) REFERENCES casework_cases(id),
  constraint casework_entries_pkey PRIMARY KEY (id)
);
CREATE INDEX casework_entries_of_case ON casework_entries USING btree (case_id, id);
grant insert, select on casework_entries to huitong_app;
