create table payments_authorisation_operations (
  id bigint not null,
  authorisation_id bigint not null,
  request_number text not null,
  kind text not null,
  amount_minor bigint not null,
  remark text,
  trade_id bigint,
  created_at timestamp with time zone not null,
  constraint payments_authorisation_operations_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_authorisation_operations_authorisation_exists FOREIGN KEY (authorisation_id) REFERENCES payments_authorisations(id),
  constraint payments_authorisation_operations_capture_has_trade CHECK (((kind = 'capture'::text) = (trade_id IS NOT NULL))),
  constraint payments_authorisation_operations_kind_known CHECK ((kind = ANY (ARRAY['freeze'::text, 'release'::text, 'capture'::text, 'cancel'::text, 'expire'::text]))),
  constraint payments_authorisation_operations_number_once UNIQUE (authorisation_id, request_number),
  constraint payments_authorisation_operations_pkey PRIMARY KEY (id)
);
grant select on payments_authorisation_operations to huitong_app;
grant insert, select, update on payments_authorisation_operations to huitong_committer;

create table payments_authorisations (
  id bigint not null,
  merchant_id bigint not null,
  authorisation_number text not null,
  request_number text not null,
  payer_id bigint not null,
  title text not null,
  details jsonb not null,
  currency text not null,
  amount_minor bigint not null,
  captured_minor bigint not null,
  released_minor bigint not null,
  state text not null,
  ending_cause text,
  hold_id bigint not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint payments_authorisations_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_authorisations_details_object CHECK ((jsonb_typeof(details) = 'object'::text)),
  constraint payments_authorisations_ended_has_no_rest CHECK (((state = 'ended'::text) = ((captured_minor + released_minor) = amount_minor))),
  constraint payments_authorisations_ended_with_cause CHECK ((((state = 'ended'::text) = (ended_at IS NOT NULL)) AND ((state = 'ended'::text) = (ending_cause IS NOT NULL)) AND ((ending_cause IS NULL) OR (ending_cause = ANY (ARRAY['used'::text, 'cancelled'::text, 'expired'::text]))))),
  constraint payments_authorisations_number_once UNIQUE (merchant_id, authorisation_number),
  constraint payments_authorisations_pkey PRIMARY KEY (id),
  constraint payments_authorisations_state_known CHECK ((state = ANY (ARRAY['authorised'::text, 'ended'::text]))),
  constraint payments_authorisations_used_within_amount CHECK (((captured_minor >= 0) AND (released_minor >= 0) AND ((captured_minor + released_minor) <= amount_minor)))
);
CREATE INDEX payments_authorisations_due ON payments_authorisations USING btree (expires_at) WHERE (state = 'authorised'::text);
grant select on payments_authorisations to huitong_app;
grant insert, select, update on payments_authorisations to huitong_committer;

create table payments_deferrals (
  trade_id bigint not null,
  merchant_id bigint not null,
  state text not null,
  open_minor bigint not null,
  held_minor bigint not null,
  for_sharing boolean not null,
  created_at timestamp with time zone not null,
  settles_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint payments_deferrals_held_within_open CHECK (((held_minor >= 0) AND (held_minor <= open_minor))),
  constraint payments_deferrals_over_with_nothing_open CHECK (((state = 'over'::text) = (open_minor = 0))),
  constraint payments_deferrals_over_with_time CHECK (((state = 'over'::text) = (ended_at IS NOT NULL))),
  constraint payments_deferrals_pkey PRIMARY KEY (trade_id),
  constraint payments_deferrals_state_known CHECK ((state = ANY (ARRAY['awaiting_confirmation'::text, 'awaiting_sharing'::text, 'over'::text]))),
  constraint payments_deferrals_trade_exists FOREIGN KEY (trade_id) REFERENCES payments_trades(id)
);
CREATE INDEX payments_deferrals_due ON payments_deferrals USING btree (settles_at) WHERE (state <> 'over'::text);
grant select on payments_deferrals to huitong_app;
grant insert, select, update on payments_deferrals to huitong_committer;

create table payments_delayed_transfers (
  id bigint not null,
  payer_id bigint not null,
  transfer_number text not null,
  payee_id bigint not null,
  amount_minor bigint not null,
  title text,
  remark text,
  hold_id bigint not null,
  state text not null,
  created_at timestamp with time zone not null,
  releases_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  transfer_id bigint,
  constraint payments_delayed_transfers_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_delayed_transfers_ended_with_time CHECK (((state = 'held'::text) = (ended_at IS NULL))),
  constraint payments_delayed_transfers_not_to_oneself CHECK ((payer_id <> payee_id)),
  constraint payments_delayed_transfers_number_once UNIQUE (payer_id, transfer_number),
  constraint payments_delayed_transfers_pkey PRIMARY KEY (id),
  constraint payments_delayed_transfers_release_later CHECK ((releases_at > created_at)),
  constraint payments_delayed_transfers_sent_as_transfer CHECK (((state = 'sent'::text) = (transfer_id IS NOT NULL))),
  constraint payments_delayed_transfers_state_known CHECK ((state = ANY (ARRAY['held'::text, 'sent'::text, 'recalled'::text, 'returned'::text])))
);
CREATE INDEX payments_delayed_transfers_due ON payments_delayed_transfers USING btree (releases_at) WHERE (state = 'held'::text);
CREATE INDEX payments_delayed_transfers_of_payee ON payments_delayed_transfers USING btree (payee_id, created_at DESC, id DESC);
CREATE INDEX payments_delayed_transfers_of_payer ON payments_delayed_transfers USING btree (payer_id, created_at DESC, id DESC);
grant select on payments_delayed_transfers to huitong_app;
grant insert, select, update on payments_delayed_transfers to huitong_committer;

create table payments_gateway_nonces (
  app_id text not null,
  nonce text not null,
  expires_at timestamp with time zone not null,
  constraint payments_gateway_nonces_length CHECK (((length(nonce) >= 1) AND (length(nonce) <= 128))),
  constraint payments_gateway_nonces_pkey PRIMARY KEY (app_id, nonce)
);
CREATE INDEX payments_gateway_nonces_stale ON payments_gateway_nonces USING btree (expires_at);
grant delete, insert, select, update on payments_gateway_nonces to huitong_app;

create table payments_house_accounts (
  role text not null,
  account_id bigint not null,
  constraint payments_house_accounts_pkey PRIMARY KEY (role),
  constraint payments_house_accounts_role_known CHECK ((role = ANY (ARRAY['reserve'::text, 'fee_income'::text, 'tender_transit'::text])))
);
grant select on payments_house_accounts to huitong_app;
grant insert, select, update on payments_house_accounts to huitong_committer;

create table payments_merchant_accounts (
  merchant_id bigint not null,
  account_id bigint not null,
  opened_at timestamp with time zone not null,
  unsettled_account_id bigint,
  constraint payments_merchant_accounts_account_once UNIQUE (account_id),
  constraint payments_merchant_accounts_pkey PRIMARY KEY (merchant_id),
  constraint payments_merchant_accounts_unsettled_once UNIQUE (unsettled_account_id)
);
grant select on payments_merchant_accounts to huitong_app;
grant insert, select, update on payments_merchant_accounts to huitong_committer;

create table payments_money_requests (
  id bigint not null,
  asker_id bigint not null,
  payer_id bigint not null,
  amount_minor bigint not null,
  note text,
  bill_id bigint,
  state text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  transfer_id bigint,
  constraint payments_money_requests_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_money_requests_ended_with_time CHECK (((state = 'open'::text) = (ended_at IS NULL))),
  constraint payments_money_requests_expire_later CHECK ((expires_at > created_at)),
  constraint payments_money_requests_not_of_oneself CHECK ((asker_id <> payer_id)),
  constraint payments_money_requests_paid_by_transfer CHECK (((state = 'paid'::text) = (transfer_id IS NOT NULL))),
  constraint payments_money_requests_pkey PRIMARY KEY (id),
  constraint payments_money_requests_state_known CHECK ((state = ANY (ARRAY['open'::text, 'paid'::text, 'declined'::text, 'cancelled'::text, 'expired'::text])))
);
CREATE INDEX payments_money_requests_due ON payments_money_requests USING btree (expires_at) WHERE (state = 'open'::text);
CREATE INDEX payments_money_requests_of_asker ON payments_money_requests USING btree (asker_id, created_at DESC, id DESC);
CREATE INDEX payments_money_requests_of_payer ON payments_money_requests USING btree (payer_id, created_at DESC, id DESC);
grant select on payments_money_requests to huitong_app;
grant insert, select, update on payments_money_requests to huitong_committer;

create table payments_notifications (
  notify_id text not null,
  trade_id bigint,
  application text not null,
  url text not null,
  fields jsonb not null,
  state text not null,
  attempts smallint not null,
  next_attempt_at timestamp with time zone,
  last_fault text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  authorisation_id bigint,
  constraint payments_notifications_attempts_in_range CHECK (((attempts >= 0) AND (attempts <= 8))),
  constraint payments_notifications_ended_has_time CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
  constraint payments_notifications_fields_object CHECK ((jsonb_typeof(fields) = 'object'::text)),
  constraint payments_notifications_id_form CHECK ((notify_id ~ '^[0-9a-f]{32}$'::text)),
  constraint payments_notifications_of_one_thing CHECK (((trade_id IS NULL) <> (authorisation_id IS NULL))),
  constraint payments_notifications_pkey PRIMARY KEY (notify_id),
  constraint payments_notifications_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'acknowledged'::text, 'dead'::text]))),
  constraint payments_notifications_waiting_has_time CHECK (((state = 'waiting'::text) = (next_attempt_at IS NOT NULL)))
);
CREATE INDEX payments_notifications_dead ON payments_notifications USING btree (created_at DESC, notify_id DESC) WHERE (state = 'dead'::text);
CREATE INDEX payments_notifications_due ON payments_notifications USING btree (next_attempt_at) WHERE (state = 'waiting'::text);
CREATE INDEX payments_notifications_newest ON payments_notifications USING btree (created_at DESC, notify_id DESC);
CREATE INDEX payments_notifications_of_trade ON payments_notifications USING btree (trade_id);
grant insert, select, update on payments_notifications to huitong_app;

create table payments_order_codes (
  token_hash text not null,
  merchant_id bigint not null,
  order_number text not null,
  subject text not null,
  details jsonb not null,
  total_minor bigint not null,
  trade_life_micros bigint not null,
  trade_expires_at timestamp with time zone,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint payments_order_codes_details_object CHECK ((jsonb_typeof(details) = 'object'::text)),
  constraint payments_order_codes_expire_later CHECK ((expires_at > created_at)),
  constraint payments_order_codes_hash_is_sha256 CHECK ((token_hash ~ '^[0-9a-f]{64}$'::text)),
  constraint payments_order_codes_life_positive CHECK ((trade_life_micros > 0)),
  constraint payments_order_codes_pkey PRIMARY KEY (token_hash),
  constraint payments_order_codes_total_positive CHECK ((total_minor > 0))
);
grant select on payments_order_codes to huitong_app;
grant insert, select, update on payments_order_codes to huitong_committer;

create table payments_orders (
  merchant_id bigint not null,
  order_number text not null,
  trade_id bigint,
  code_hash text,
  revoked boolean not null,
  constraint payments_orders_pkey PRIMARY KEY (merchant_id, order_number),
  constraint payments_orders_revoked_without_trade CHECK (((NOT revoked) OR (trade_id IS NULL)))
);
grant select on payments_orders to huitong_app;
grant insert, select, update on payments_orders to huitong_committer;

create table payments_partner_payments (
  id bigint not null,
  payer_id bigint not null,
  partner text not null,
  reference text not null,
  payee_name text not null,
  amount_minor bigint not null,
  hold_id bigint not null,
  state text not null,
  refusal text,
  their_number text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  attempts integer not null default 0,
  ask_at timestamp with time zone not null,
  refunded_minor bigint not null default 0,
  constraint payments_partner_payments_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_partner_payments_ended_with_time CHECK (((state = 'sending'::text) = (ended_at IS NULL))),
  constraint payments_partner_payments_pkey PRIMARY KEY (id),
  constraint payments_partner_payments_refunds_within_amount CHECK ((((refunded_minor >= 0) AND (refunded_minor <= amount_minor)) AND ((refunded_minor = 0) OR (state = 'paid'::text)))),
  constraint payments_partner_payments_refused_with_reason CHECK (((state = 'refused'::text) = (refusal IS NOT NULL))),
  constraint payments_partner_payments_state_known CHECK ((state = ANY (ARRAY['sending'::text, 'paid'::text, 'refused'::text])))
);
CREATE INDEX payments_partner_payments_due ON payments_partner_payments USING btree (ask_at) WHERE (state = 'sending'::text);
CREATE INDEX payments_partner_payments_of_payer ON payments_partner_payments USING btree (payer_id, created_at DESC, id DESC);
grant select on payments_partner_payments to huitong_app;
grant insert, select, update on payments_partner_payments to huitong_committer;

create table payments_partner_receipts (
  id bigint not null,
  partner text not null,
  payment_number text not null,
  reference text not null,
  owner_kind text not null,
  owner_id bigint not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  received_at timestamp with time zone not null,
  refunded_minor bigint not null default 0,
  fee_returned_minor bigint not null default 0,
  constraint payments_partner_receipts_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_partner_receipts_fee_within_amount CHECK (((fee_minor >= 0) AND (fee_minor <= amount_minor))),
  constraint payments_partner_receipts_number_once UNIQUE (partner, payment_number),
  constraint payments_partner_receipts_owner_kind_known CHECK ((owner_kind = ANY (ARRAY['customer'::text, 'merchant'::text]))),
  constraint payments_partner_receipts_pkey PRIMARY KEY (id),
  constraint payments_partner_receipts_refunds_within_amount CHECK ((((refunded_minor >= 0) AND (refunded_minor <= amount_minor)) AND ((fee_returned_minor >= 0) AND (fee_returned_minor <= fee_minor))))
);
CREATE INDEX payments_partner_receipts_newest ON payments_partner_receipts USING btree (partner, received_at);
CREATE INDEX payments_partner_receipts_of_owner ON payments_partner_receipts USING btree (owner_kind, owner_id, received_at DESC, id DESC);
grant select on payments_partner_receipts to huitong_app;
grant insert, select, update on payments_partner_receipts to huitong_committer;

create table payments_partner_refund_receipts (
  id bigint not null,
  partner text not null,
  refund_number text not null,
  payment_id bigint not null,
  amount_minor bigint not null,
  received_at timestamp with time zone not null,
  constraint payments_partner_refund_receipts_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_partner_refund_receipts_pkey PRIMARY KEY (partner, refund_number)
);
CREATE INDEX payments_partner_refund_receipts_of_payment ON payments_partner_refund_receipts USING btree (payment_id);
grant select on payments_partner_refund_receipts to huitong_app;
grant insert, select, update on payments_partner_refund_receipts to huitong_committer;

create table payments_partner_refunds (
  id bigint not null,
  receipt_id bigint not null,
  refund_number text not null,
  partner text not null,
  payment_number text not null,
  amount_minor bigint not null,
  fee_returned_minor bigint not null,
  hold_id bigint,
  fee_hold_id bigint,
  reason text,
  state text not null,
  refusal text,
  their_number text,
  attempts integer not null,
  ask_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint payments_partner_refunds_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_partner_refunds_ended_with_time CHECK (((state = 'sending'::text) = (ended_at IS NULL))),
  constraint payments_partner_refunds_fee_within_amount CHECK (((fee_returned_minor >= 0) AND (fee_returned_minor <= amount_minor))),
  constraint payments_partner_refunds_held CHECK ((((hold_id IS NULL) = (fee_returned_minor = amount_minor)) AND ((fee_hold_id IS NULL) = (fee_returned_minor = 0)))),
  constraint payments_partner_refunds_pkey PRIMARY KEY (receipt_id, refund_number),
  constraint payments_partner_refunds_refused_with_reason CHECK (((state = 'refused'::text) = (refusal IS NOT NULL))),
  constraint payments_partner_refunds_state_known CHECK ((state = ANY (ARRAY['sending'::text, 'paid'::text, 'refused'::text])))
);
CREATE INDEX payments_partner_refunds_due ON payments_partner_refunds USING btree (ask_at) WHERE (state = 'sending'::text);
grant select on payments_partner_refunds to huitong_app;
grant insert, select, update on payments_partner_refunds to huitong_committer;

create table payments_partner_settlements (
  partner text not null,
  settlement_number text not null,
  direction text not null,
  amount_minor bigint not null,
  settled_at timestamp with time zone not null,
  constraint payments_partner_settlements_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_partner_settlements_direction_known CHECK ((direction = ANY (ARRAY['paid'::text, 'received'::text, 'netted'::text]))),
  constraint payments_partner_settlements_pkey PRIMARY KEY (partner, settlement_number)
);
grant select on payments_partner_settlements to huitong_app;
grant insert, select, update on payments_partner_settlements to huitong_committer;

create table payments_partners (
  partner text not null,
  name text not null,
  base_url text not null,
  public_key text not null,
  payable_account_id bigint not null,
  receivable_account_id bigint not null,
  payable_minor_max bigint not null,
  receivable_minor_max bigint not null,
  registered_at timestamp with time zone not null,
  constraint payments_partners_limits_not_negative CHECK (((payable_minor_max >= 0) AND (receivable_minor_max >= 0))),
  constraint payments_partners_name_form CHECK ((partner ~ '^[a-z0-9-]{1,20}$'::text)),
  constraint payments_partners_pkey PRIMARY KEY (partner)
);
grant select on payments_partners to huitong_app;
grant insert, select, update on payments_partners to huitong_committer;

create table payments_paying_stops (
  customer_id bigint not null,
  freeze_id bigint,
  reference text not null,
  changed_at timestamp with time zone not null,
  constraint payments_paying_stops_pkey PRIMARY KEY (customer_id)
);
grant select on payments_paying_stops to huitong_app;
grant insert, select, update on payments_paying_stops to huitong_committer;

create table payments_refunds (
  id bigint not null,
  trade_id bigint not null,
  refund_number text not null,
  reason text,
  amount_minor bigint not null,
  fee_returned_minor bigint not null,
  refunded_after_minor bigint not null,
  created_at timestamp with time zone not null,
  tenders jsonb,
  constraint payments_refunds_after_includes_this CHECK ((refunded_after_minor >= amount_minor)),
  constraint payments_refunds_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_refunds_fee_within_amount CHECK (((fee_returned_minor >= 0) AND (fee_returned_minor <= amount_minor))),
  constraint payments_refunds_number_once UNIQUE (trade_id, refund_number),
  constraint payments_refunds_pkey PRIMARY KEY (id),
  constraint payments_refunds_trade_exists FOREIGN KEY (trade_id) REFERENCES payments_trades(id)
);
grant select on payments_refunds to huitong_app;
grant insert, select, update on payments_refunds to huitong_committer;

create table payments_risk_checks (
  id bigint not null,
  kind text not null,
  subject_id bigint not null,
  customer_id bigint not null,
  payee_id bigint not null,
  amount_minor bigint not null,
  way text not null,
  transfer_number text,
  title text,
  remark text,
  state text not null,
  proof text,
  hold_id bigint,
  judged_by text[] not null,
  reasons text[] not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  constraint payments_risk_checks_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_risk_checks_ended_with_time CHECK ((((state = ANY (ARRAY['awaiting_proof'::text, 'held'::text])) = (ended_at IS NULL)) AND ((ended_at IS NULL) = (ended_by IS NULL)))),
  constraint payments_risk_checks_held_with_hold CHECK (((state <> 'held'::text) OR (hold_id IS NOT NULL))),
  constraint payments_risk_checks_kind_known CHECK ((kind = ANY (ARRAY['trade'::text, 'transfer'::text]))),
  constraint payments_risk_checks_pkey PRIMARY KEY (id),
  constraint payments_risk_checks_proof_known CHECK ((proof = ANY (ARRAY['one_factor'::text, 'two_factors'::text, 'contract'::text]))),
  constraint payments_risk_checks_state_known CHECK ((state = ANY (ARRAY['awaiting_proof'::text, 'held'::text, 'passed'::text, 'denied'::text, 'lapsed'::text, 'called_off'::text]))),
  constraint payments_risk_checks_transfer_with_number CHECK (((kind = 'transfer'::text) = (transfer_number IS NOT NULL))),
  constraint payments_risk_checks_unproved_without_hold CHECK (((state <> 'awaiting_proof'::text) OR ((hold_id IS NULL) AND (proof IS NOT NULL))))
);
CREATE INDEX payments_risk_checks_due ON payments_risk_checks USING btree (due_at) WHERE (state = ANY (ARRAY['awaiting_proof'::text, 'held'::text]));
CREATE INDEX payments_risk_checks_newest ON payments_risk_checks USING btree (created_at DESC, id DESC);
CREATE INDEX payments_risk_checks_of_customer ON payments_risk_checks USING btree (customer_id, created_at DESC, id DESC);
CREATE INDEX payments_risk_checks_of_transfer ON payments_risk_checks USING btree (customer_id, transfer_number, id DESC) WHERE (kind = 'transfer'::text);
grant select on payments_risk_checks to huitong_app;
grant insert, select, update on payments_risk_checks to huitong_committer;

create table payments_settlements (
  trade_id bigint not null,
  number smallint not null,
  request_number text not null,
  amount_minor bigint not null,
  settled_minor bigint not null,
  for_sharing boolean not null,
  created_at timestamp with time zone not null,
  constraint payments_settlements_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_settlements_number_once UNIQUE (trade_id, request_number),
  constraint payments_settlements_pkey PRIMARY KEY (trade_id, number),
  constraint payments_settlements_settled_within_amount CHECK (((settled_minor >= 0) AND (settled_minor <= amount_minor))),
  constraint payments_settlements_trade_exists FOREIGN KEY (trade_id) REFERENCES payments_trades(id)
);
grant select on payments_settlements to huitong_app;
grant insert, select on payments_settlements to huitong_committer;

create table payments_share_receivers (
  merchant_id bigint not null,
  customer_id bigint not null,
  memo text,
  bound boolean not null,
  changed_at timestamp with time zone not null,
  constraint payments_share_receivers_pkey PRIMARY KEY (merchant_id, customer_id)
);
grant select on payments_share_receivers to huitong_app;
grant insert, select, update on payments_share_receivers to huitong_committer;

create table payments_shares (
  trade_id bigint not null,
  number smallint not null,
  request_number text not null,
  customer_id bigint not null,
  amount_minor bigint not null,
  returned_minor bigint not null,
  description text,
  ends_sharing boolean not null,
  created_at timestamp with time zone not null,
  constraint payments_shares_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_shares_number_positive CHECK ((number > 0)),
  constraint payments_shares_pkey PRIMARY KEY (trade_id, number),
  constraint payments_shares_returned_within_amount CHECK (((returned_minor >= 0) AND (returned_minor <= amount_minor))),
  constraint payments_shares_trade_exists FOREIGN KEY (trade_id) REFERENCES payments_trades(id)
);
grant select on payments_shares to huitong_app;
grant insert, select, update on payments_shares to huitong_committer;

create table payments_split_bills (
  id bigint not null,
  owner_id bigint not null,
  title text not null,
  total_minor bigint not null,
  own_share_minor bigint not null,
  requests jsonb not null,
  open_shares bigint not null,
  unpaid_shares bigint not null,
  state text not null,
  created_at timestamp with time zone not null,
  reminded_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint payments_split_bills_ended_with_time CHECK (((state = 'open'::text) = (ended_at IS NULL))),
  constraint payments_split_bills_open_while_shares_are CHECK (((state = 'open'::text) = (open_shares > 0))),
  constraint payments_split_bills_own_share_within_total CHECK (((own_share_minor >= 0) AND (own_share_minor <= (total_minor - 1)))),
  constraint payments_split_bills_pkey PRIMARY KEY (id),
  constraint payments_split_bills_requests_list CHECK ((jsonb_typeof(requests) = 'array'::text)),
  constraint payments_split_bills_settled_when_all_paid CHECK (((state <> 'settled'::text) OR (unpaid_shares = 0))),
  constraint payments_split_bills_shares_counted CHECK (((open_shares >= 0) AND (unpaid_shares >= 0))),
  constraint payments_split_bills_state_known CHECK ((state = ANY (ARRAY['open'::text, 'settled'::text, 'closed'::text]))),
  constraint payments_split_bills_total_positive CHECK ((total_minor > 0))
);
CREATE INDEX payments_split_bills_of_owner ON payments_split_bills USING btree (owner_id, created_at DESC, id DESC);
grant select on payments_split_bills to huitong_app;
grant insert, select, update on payments_split_bills to huitong_committer;

create table payments_static_codes (
  reference text not null,
  owner_kind text not null,
  owner_id bigint not null,
  label text not null,
  state text not null,
  replaced_by text,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint payments_static_codes_ended_with_time CHECK (((state = 'revoked'::text) = (ended_at IS NOT NULL))),
  constraint payments_static_codes_owner_kind_known CHECK ((owner_kind = ANY (ARRAY['customer'::text, 'merchant'::text]))),
  constraint payments_static_codes_pkey PRIMARY KEY (reference),
  constraint payments_static_codes_reference_form CHECK ((reference ~ '^[0-9A-HJKMNP-TV-Z]{16}$'::text)),
  constraint payments_static_codes_replaced_are_revoked CHECK (((replaced_by IS NULL) OR (state = 'revoked'::text))),
  constraint payments_static_codes_state_known CHECK ((state = ANY (ARRAY['active'::text, 'revoked'::text])))
);
CREATE INDEX payments_static_codes_of_owner ON payments_static_codes USING btree (owner_kind, owner_id, created_at DESC, reference DESC);
grant select on payments_static_codes to huitong_app;
grant insert, select, update on payments_static_codes to huitong_committer;

create table payments_totals (
  currency text not null,
  payments bigint not null,
  paid_minor bigint not null,
  refunds bigint not null,
  refunded_minor bigint not null,
  transfers bigint not null,
  transferred_minor bigint not null,
  constraint payments_totals_pkey PRIMARY KEY (currency),
  constraint payments_totals_refunded_within_paid CHECK (((refunded_minor >= 0) AND (refunded_minor <= paid_minor)))
);
grant select on payments_totals to huitong_app;
grant insert, select, update on payments_totals to huitong_committer;

create table payments_trades (
  id bigint not null,
  merchant_id bigint not null,
  order_number text not null,
  buyer_id bigint not null,
  subject text not null,
  details jsonb not null,
  currency text not null,
  total_minor bigint not null,
  state text not null,
  closing_cause text,
  paid_minor bigint not null,
  refunded_minor bigint not null,
  fee_minor bigint not null,
  fee_returned_minor bigint not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  refundable_until timestamp with time zone,
  ended_at timestamp with time zone,
  tenders jsonb,
  risk_check_id bigint,
  constraint payments_trades_awaiting_unpaid CHECK (((state <> ALL (ARRAY['awaiting_payment'::text, 'awaiting_proof'::text, 'held'::text])) OR (paid_minor = 0))),
  constraint payments_trades_checked_with_check CHECK (((state <> ALL (ARRAY['awaiting_proof'::text, 'held'::text])) OR (risk_check_id IS NOT NULL))),
  constraint payments_trades_closed_with_cause CHECK ((((state = 'closed'::text) = (closing_cause IS NOT NULL)) AND ((closing_cause IS NULL) OR (closing_cause = ANY (ARRAY['closed_by_merchant'::text, 'cancelled'::text, 'expired'::text, 'refunded'::text, 'refused'::text]))))),
  constraint payments_trades_closed_with_nothing_left CHECK (((state <> 'closed'::text) OR ((refunded_minor = paid_minor) AND (fee_returned_minor = fee_minor)))),
  constraint payments_trades_details_object CHECK ((jsonb_typeof(details) = 'object'::text)),
  constraint payments_trades_ended_with_time CHECK (((state = ANY (ARRAY['closed'::text, 'finished'::text])) = (ended_at IS NOT NULL))),
  constraint payments_trades_fee_returned_within_fee CHECK (((fee_returned_minor >= 0) AND (fee_returned_minor <= fee_minor))),
  constraint payments_trades_fee_within_paid CHECK (((fee_minor >= 0) AND (fee_minor <= paid_minor))),
  constraint payments_trades_order_once UNIQUE (merchant_id, order_number),
  constraint payments_trades_paid_whole CHECK (((paid_minor = 0) OR (paid_minor = total_minor))),
  constraint payments_trades_paid_with_rest CHECK (((state <> ALL (ARRAY['paid'::text, 'finished'::text])) OR (paid_minor > refunded_minor))),
  constraint payments_trades_paid_with_times CHECK ((((paid_minor > 0) = (paid_at IS NOT NULL)) AND ((paid_at IS NULL) = (refundable_until IS NULL)))),
  constraint payments_trades_pkey PRIMARY KEY (id),
  constraint payments_trades_refunded_within_paid CHECK (((refunded_minor >= 0) AND (refunded_minor <= paid_minor))),
  constraint payments_trades_state_known CHECK ((state = ANY (ARRAY['awaiting_payment'::text, 'awaiting_proof'::text, 'held'::text, 'paid'::text, 'closed'::text, 'finished'::text]))),
  constraint payments_trades_tenders_of_paid CHECK (((tenders IS NULL) OR (paid_at IS NOT NULL))),
  constraint payments_trades_total_positive CHECK ((total_minor > 0))
);
CREATE INDEX payments_trades_due ON payments_trades USING btree (expires_at) WHERE (state = ANY (ARRAY['awaiting_payment'::text, 'awaiting_proof'::text]));
CREATE INDEX payments_trades_of_buyer ON payments_trades USING btree (buyer_id, created_at DESC, id DESC);
CREATE INDEX payments_trades_of_merchant ON payments_trades USING btree (merchant_id, created_at DESC, id DESC);
CREATE INDEX payments_trades_refundable ON payments_trades USING btree (refundable_until) WHERE (state = 'paid'::text);
grant select on payments_trades to huitong_app;
grant insert, select, update on payments_trades to huitong_committer;

create table payments_transfers (
  id bigint not null,
  payer_kind text not null,
  payer_id bigint not null,
  transfer_number text not null,
  payee_id bigint not null,
  currency text not null,
  amount_minor bigint not null,
  title text,
  remark text,
  created_at timestamp with time zone not null,
  constraint payments_transfers_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_transfers_not_to_oneself CHECK (((payer_kind <> 'customer'::text) OR (payer_id <> payee_id))),
  constraint payments_transfers_number_once UNIQUE (payer_kind, payer_id, transfer_number),
  constraint payments_transfers_payer_kind_known CHECK ((payer_kind = ANY (ARRAY['customer'::text, 'merchant'::text]))),
  constraint payments_transfers_pkey PRIMARY KEY (id)
);
CREATE INDEX payments_transfers_of_payee ON payments_transfers USING btree (payee_id, created_at DESC, id DESC);
grant select on payments_transfers to huitong_app;
grant insert, select, update on payments_transfers to huitong_committer;

create table payments_wallets (
  customer_id bigint not null,
  account_id bigint not null,
  opened_at timestamp with time zone not null,
  tender_order text,
  constraint payments_wallets_account_once UNIQUE (account_id),
  constraint payments_wallets_pkey PRIMARY KEY (customer_id),
  constraint payments_wallets_tender_order_named CHECK ((tender_order <> ''::text))
);
grant select on payments_wallets to huitong_app;
grant insert, select, update on payments_wallets to huitong_committer;
