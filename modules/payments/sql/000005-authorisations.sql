-- Money of a customer that is promised to a merchant before it is known how much of it will be charged. The promise itself is a hold of the
-- ledger; a part that is given back makes a smaller hold of it.
create table payments_authorisations (
  id int8 not null,
  merchant_id int8 not null,
  authorisation_number text not null,
  request_number text not null,
  payer_id int8 not null,
  title text not null,
  details jsonb not null,
  currency text not null,
  amount_minor int8 not null,
  captured_minor int8 not null,
  released_minor int8 not null,
  state text not null,
  ending_cause text,
  hold_id int8 not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint payments_authorisations_pkey primary key (id),
  constraint payments_authorisations_number_once unique (merchant_id, authorisation_number),
  constraint payments_authorisations_details_object check (jsonb_typeof(details) = 'object'),
  constraint payments_authorisations_amount_positive check (amount_minor > 0),
  constraint payments_authorisations_used_within_amount check (
    captured_minor >= 0 and released_minor >= 0 and captured_minor + released_minor <= amount_minor
  ),
  constraint payments_authorisations_state_known check (state in ('authorised', 'ended')),
  constraint payments_authorisations_ended_with_cause check (
    (state = 'ended') = (ended_at is not null) and (state = 'ended') = (ending_cause is not null)
    and (ending_cause is null or ending_cause in ('used', 'cancelled', 'expired'))
  ),
  constraint payments_authorisations_ended_has_no_rest check (
    (state = 'ended') = (captured_minor + released_minor = amount_minor)
  )
);

create index payments_authorisations_due on payments_authorisations (expires_at) where state = 'authorised';

-- What was done to an authorisation, each under a number of the merchant's. Never changed.
create table payments_authorisation_operations (
  id int8 not null,
  authorisation_id int8 not null,
  request_number text not null,
  kind text not null,
  amount_minor int8 not null,
  remark text,
  trade_id int8,
  created_at timestamptz not null,
  constraint payments_authorisation_operations_pkey primary key (id),
  constraint payments_authorisation_operations_number_once unique (authorisation_id, request_number),
  constraint payments_authorisation_operations_authorisation_exists foreign key (authorisation_id) references payments_authorisations (id),
  constraint payments_authorisation_operations_kind_known check (kind in ('freeze', 'release', 'capture', 'cancel', 'expire')),
  constraint payments_authorisation_operations_amount_positive check (amount_minor > 0),
  constraint payments_authorisation_operations_capture_has_trade check ((kind = 'capture') = (trade_id is not null))
);

grant select, insert, update on payments_authorisations, payments_authorisation_operations to huitong_committer;

grant select on payments_authorisations, payments_authorisation_operations to huitong_app;
