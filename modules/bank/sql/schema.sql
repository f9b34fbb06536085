create table bank_accounts (
  number text not null,
  customer_id bigint not null,
  account_id bigint not null,
  name_hash text not null,
  identity_hash text not null,
  phone_hash text not null,
  single_max_minor bigint not null,
  day_max_minor bigint not null,
  spent_on date,
  spent_minor bigint not null,
  wrong_factors smallint not null,
  wrong_on date,
  opened_at timestamp with time zone not null,
  constraint bank_accounts_account_once UNIQUE (account_id),
  constraint bank_accounts_limits_not_negative CHECK (((single_max_minor >= 0) AND (day_max_minor >= 0) AND (spent_minor >= 0))),
  constraint bank_accounts_pkey PRIMARY KEY (number),
  constraint bank_accounts_spent_on_a_day CHECK (((spent_on IS NULL) = (spent_minor = 0)))
);
CREATE INDEX bank_accounts_of_customer ON bank_accounts USING btree (customer_id);
grant select on bank_accounts to huitong_app;
grant insert, select, update on bank_accounts to huitong_committer;

create table bank_agreements (
  id bigint not null,
  account_number text not null,
  platform text not null,
  platform_account text not null,
  state text not null,
  code_hash text,
  code_expires_at timestamp with time zone not null,
  code_tries smallint not null,
  single_max_minor bigint not null,
  day_max_minor bigint not null,
  spent_on date,
  spent_minor bigint not null,
  made_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint bank_agreements_code_while_pending CHECK (((state = 'pending'::text) = (code_hash IS NOT NULL))),
  constraint bank_agreements_ended_with_time CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
  constraint bank_agreements_limits_positive CHECK (((single_max_minor > 0) AND (day_max_minor > 0) AND (spent_minor >= 0))),
  constraint bank_agreements_pkey PRIMARY KEY (id),
  constraint bank_agreements_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'active'::text, 'ended'::text])))
);
CREATE INDEX bank_agreements_of_account ON bank_agreements USING btree (account_number);
grant select on bank_agreements to huitong_app;
grant insert, select, update on bank_agreements to huitong_committer;

create table bank_faults (
  kind text not null,
  left_over integer not null,
  constraint bank_faults_not_negative CHECK ((left_over >= 0)),
  constraint bank_faults_pkey PRIMARY KEY (kind)
);
grant select on bank_faults to huitong_app;
grant insert, select, update on bank_faults to huitong_committer;

create table bank_payments (
  reference text not null,
  id bigint not null,
  kind text not null,
  way text not null,
  asked_by text not null,
  original text,
  uetr text not null,
  account_number text,
  peer_bank text not null,
  peer_account text,
  peer_name text,
  message_id text,
  instruction_id text,
  end_to_end_id text,
  transaction_id text,
  remittance text,
  agreement_id bigint,
  amount_minor bigint not null,
  returned_minor bigint not null,
  mode text not null,
  state text not null,
  reason text,
  hold_id bigint,
  cancellation text,
  contradicted boolean not null,
  in_suspense boolean not null,
  made_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint bank_payments_amount_positive CHECK ((amount_minor > 0)),
  constraint bank_payments_asked_by_known CHECK ((asked_by = ANY (ARRAY['us'::text, 'them'::text]))),
  constraint bank_payments_cancellation_known CHECK ((cancellation = ANY (ARRAY['asked'::text, 'pending'::text, 'accepted'::text, 'refused'::text]))),
  constraint bank_payments_ended_with_time CHECK (((state = ANY (ARRAY['settled'::text, 'rejected'::text])) = (ended_at IS NOT NULL))),
  constraint bank_payments_id_once UNIQUE (id),
  constraint bank_payments_kind_known CHECK ((kind = ANY (ARRAY['transfer'::text, 'return'::text, 'reversal'::text]))),
  constraint bank_payments_mode_known CHECK ((mode = ANY (ARRAY['gross'::text, 'net'::text]))),
  constraint bank_payments_original_named CHECK (((kind = 'transfer'::text) = (original IS NULL))),
  constraint bank_payments_pkey PRIMARY KEY (reference),
  constraint bank_payments_reason_of_rejected CHECK (((state = 'rejected'::text) = (reason IS NOT NULL))),
  constraint bank_payments_returned_at_most_paid CHECK (((returned_minor >= 0) AND (returned_minor <= amount_minor))),
  constraint bank_payments_state_known CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'unknown'::text, 'accepted'::text, 'settled'::text, 'rejected'::text]))),
  constraint bank_payments_way_known CHECK ((way = ANY (ARRAY['out'::text, 'in'::text])))
);
CREATE INDEX bank_payments_due ON bank_payments USING btree (due_at) WHERE (state = ANY (ARRAY['queued'::text, 'sent'::text, 'unknown'::text, 'accepted'::text]));
CREATE INDEX bank_payments_of_account ON bank_payments USING btree (account_number, made_at DESC, id DESC);
grant select on bank_payments to huitong_app;
grant insert, select, update on bank_payments to huitong_committer;

create table bank_verifications (
  message_id text not null,
  peer_bank text not null,
  matches boolean,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  constraint bank_verifications_answered_with_time CHECK (((matches IS NULL) = (answered_at IS NULL))),
  constraint bank_verifications_pkey PRIMARY KEY (message_id)
);
grant select on bank_verifications to huitong_app;
grant insert, select, update on bank_verifications to huitong_committer;
