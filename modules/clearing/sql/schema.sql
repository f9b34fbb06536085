create table clearing_cancellations (
  key text not null,
  payment text not null,
  asker text not null,
  answerer text not null,
  message_id text not null,
  state text not null,
  reason text,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  constraint clearing_cancellations_answered_with_time CHECK (((state = 'asked'::text) = (answered_at IS NULL))),
  constraint clearing_cancellations_pkey PRIMARY KEY (key),
  constraint clearing_cancellations_reason_of_refused CHECK (((state = 'refused'::text) = (reason IS NOT NULL))),
  constraint clearing_cancellations_state_known CHECK ((state = ANY (ARRAY['asked'::text, 'pending'::text, 'accepted'::text, 'refused'::text])))
);
grant select on clearing_cancellations to huitong_app;
grant insert, select, update on clearing_cancellations to huitong_committer;

create table clearing_participants (
  member text not null,
  name text not null,
  status text not null,
  account_id bigint not null,
  cap_minor bigint not null,
  cover_hold_id bigint,
  reserved_minor bigint not null,
  admitted_at timestamp with time zone not null,
  constraint clearing_participants_account_once UNIQUE (account_id),
  constraint clearing_participants_cap_covered CHECK (((cap_minor >= 0) AND ((cap_minor > 0) = (cover_hold_id IS NOT NULL)))),
  constraint clearing_participants_pkey PRIMARY KEY (member),
  constraint clearing_participants_reserved_not_negative CHECK ((reserved_minor >= 0)),
  constraint clearing_participants_status_known CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text])))
);
grant select on clearing_participants to huitong_app;
grant insert, select, update on clearing_participants to huitong_committer;

create table clearing_payments (
  reference text not null,
  id bigint not null,
  kind text not null,
  original text,
  uetr text not null,
  sender text not null,
  payer text not null,
  payee text not null,
  answerer text not null,
  message_id text not null,
  message text not null,
  forwarded_as text,
  instruction_id text,
  end_to_end_id text,
  transaction_id text,
  amount_minor bigint not null,
  returned_minor bigint not null,
  mode text not null,
  state text not null,
  reason text,
  hold_id bigint,
  window_number bigint,
  received_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint clearing_payments_amount_positive CHECK ((amount_minor > 0)),
  constraint clearing_payments_ended_with_time CHECK (((state = 'forwarded'::text) = (ended_at IS NULL))),
  constraint clearing_payments_held_while_gross_and_open CHECK (((hold_id IS NOT NULL) = ((state = 'forwarded'::text) AND (mode = 'gross'::text)))),
  constraint clearing_payments_id_once UNIQUE (id),
  constraint clearing_payments_kind_known CHECK ((kind = ANY (ARRAY['transfer'::text, 'return'::text, 'reversal'::text]))),
  constraint clearing_payments_mode_known CHECK ((mode = ANY (ARRAY['gross'::text, 'net'::text]))),
  constraint clearing_payments_original_named CHECK (((kind = 'transfer'::text) = (original IS NULL))),
  constraint clearing_payments_pkey PRIMARY KEY (reference),
  constraint clearing_payments_reason_of_rejected CHECK (((state = 'rejected'::text) = (reason IS NOT NULL))),
  constraint clearing_payments_returned_at_most_paid CHECK (((returned_minor >= 0) AND (returned_minor <= amount_minor))),
  constraint clearing_payments_state_known CHECK ((state = ANY (ARRAY['forwarded'::text, 'settled'::text, 'rejected'::text]))),
  constraint clearing_payments_two_parties CHECK ((payer <> payee)),
  constraint clearing_payments_window_of_net CHECK (((window_number IS NOT NULL) = ((state = 'settled'::text) AND (mode = 'net'::text))))
);
CREATE INDEX clearing_payments_due ON clearing_payments USING btree (due_at) WHERE (state = 'forwarded'::text);
CREATE INDEX clearing_payments_ended ON clearing_payments USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX clearing_payments_newest ON clearing_payments USING btree (received_at DESC, reference);
CREATE INDEX clearing_payments_of_payee ON clearing_payments USING btree (payee, received_at DESC, reference);
CREATE INDEX clearing_payments_of_payer ON clearing_payments USING btree (payer, received_at DESC, reference);
grant select on clearing_payments to huitong_app;
grant insert, select, update on clearing_payments to huitong_committer;

create table clearing_positions (
  window_number bigint not null,
  member text not null,
  sent_minor bigint not null,
  received_minor bigint not null,
  constraint clearing_positions_not_negative CHECK (((sent_minor >= 0) AND (received_minor >= 0))),
  constraint clearing_positions_pkey PRIMARY KEY (window_number, member)
);
grant select on clearing_positions to huitong_app;
grant insert, select, update on clearing_positions to huitong_committer;

create table clearing_references (
  key text not null,
  reference text not null,
  constraint clearing_references_pkey PRIMARY KEY (key)
);
grant select on clearing_references to huitong_app;
grant insert, select, update on clearing_references to huitong_committer;

create table clearing_windows (
  number bigint not null,
  state text not null,
  members text[] not null,
  payments bigint not null,
  gross_minor bigint not null,
  net_minor bigint not null,
  entry_id bigint,
  opened_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint clearing_windows_net_at_most_gross CHECK (((payments >= 0) AND ((net_minor >= 0) AND (net_minor <= gross_minor)))),
  constraint clearing_windows_pkey PRIMARY KEY (number),
  constraint clearing_windows_settled_with_time CHECK (((state = 'settled'::text) = (settled_at IS NOT NULL))),
  constraint clearing_windows_state_known CHECK ((state = ANY (ARRAY['open'::text, 'settled'::text])))
);
CREATE UNIQUE INDEX clearing_windows_one_open ON clearing_windows USING btree (state) WHERE (state = 'open'::text);
grant select on clearing_windows to huitong_app;
grant insert, select, update on clearing_windows to huitong_committer;
