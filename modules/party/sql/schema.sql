create table party_application_keys (
  app_id text not null,
  key_version integer not null,
  public_key bytea not null,
  api_key_hash bytea,
  valid_from timestamp with time zone not null,
  constraint party_application_keys_pkey PRIMARY KEY (app_id, key_version)
);
grant select on party_application_keys to huitong_app;
grant insert, select on party_application_keys to huitong_committer;

create table party_applications (
  id bigint not null,
  app_id text not null,
  merchant_id bigint not null,
  name text not null,
  status text not null,
  sign_type text not null,
  notify_url text,
  key_version integer not null,
  public_key bytea not null,
  api_key_hash bytea,
  registered_at timestamp with time zone not null,
  constraint party_applications_api_key_hash_is_sha256 CHECK ((octet_length(api_key_hash) = 32)),
  constraint party_applications_app_id_form CHECK ((app_id ~ '^2021[0-9]{12}$'::text)),
  constraint party_applications_app_id_unique UNIQUE (app_id),
  constraint party_applications_key_version_positive CHECK ((key_version > 0)),
  constraint party_applications_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES party_merchants(id),
  constraint party_applications_pkey PRIMARY KEY (id),
  constraint party_applications_sign_type_known CHECK ((sign_type = 'RSA2'::text)),
  constraint party_applications_status_known CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
CREATE UNIQUE INDEX party_applications_by_api_key ON party_applications USING btree (api_key_hash) WHERE (api_key_hash IS NOT NULL);
CREATE INDEX party_applications_by_merchant ON party_applications USING btree (merchant_id, id);
grant select on party_applications to huitong_app;
grant insert, select, update on party_applications to huitong_committer;

create table party_code_holders (
  customer_id bigint not null,
  recent_codes text not null,
  constraint party_code_holders_pkey PRIMARY KEY (customer_id)
);
grant insert, select, update on party_code_holders to huitong_committer;

create table party_customers (
  id bigint not null,
  user_number text not null,
  display_name text not null,
  masked_logon_id text not null,
  status text not null,
  tier smallint not null,
  registered_at timestamp with time zone not null,
  person bigint,
  constraint party_customers_pkey PRIMARY KEY (id),
  constraint party_customers_status_known CHECK ((status = ANY (ARRAY['active'::text, 'frozen'::text, 'deceased'::text, 'closed'::text, 'erased'::text]))),
  constraint party_customers_tier_known CHECK (((tier >= 1) AND (tier <= 3))),
  constraint party_customers_user_number_form CHECK ((user_number ~ '^2088[0-9]{12}$'::text)),
  constraint party_customers_user_number_unique UNIQUE (user_number)
);
grant select on party_customers to huitong_app;
grant insert, select, update on party_customers to huitong_committer;

create table party_identity_documents (
  customer_id bigint not null,
  legal_name_ciphertext bytea not null,
  number_ciphertext bytea not null,
  constraint party_identity_documents_pkey PRIMARY KEY (customer_id)
);
grant select on party_identity_documents to huitong_app;
grant insert, select on party_identity_documents to huitong_committer;

create table party_identity_factors (
  customer_id bigint not null,
  factor text not null,
  reference text not null,
  confirmed_at timestamp with time zone not null,
  constraint party_identity_factors_factor_known CHECK ((factor = ANY (ARRAY['phone'::text, 'identity_document'::text, 'bank_card'::text, 'tax'::text, 'social_security'::text, 'education'::text, 'utility'::text, 'face'::text, 'face_to_face'::text]))),
  constraint party_identity_factors_pkey PRIMARY KEY (customer_id, factor)
);
grant select on party_identity_factors to huitong_app;
grant insert, select on party_identity_factors to huitong_committer;

create table party_institution (
  singleton boolean not null default true,
  demo boolean not null,
  opened_at timestamp with time zone not null,
  constraint party_institution_is_one_row CHECK (singleton),
  constraint party_institution_pkey PRIMARY KEY (singleton)
);
grant insert, select on party_institution to huitong_app;

create table party_merchant_fee_rates (
  merchant_id bigint not null,
  valid_from timestamp with time zone not null,
  fee_rate_millionths integer not null,
  constraint party_merchant_fee_rates_in_range CHECK (((fee_rate_millionths >= 0) AND (fee_rate_millionths <= 1000000))),
  constraint party_merchant_fee_rates_pkey PRIMARY KEY (merchant_id, valid_from)
);
grant select on party_merchant_fee_rates to huitong_app;
grant insert, select on party_merchant_fee_rates to huitong_committer;

create table party_merchants (
  id bigint not null,
  seller_number text not null,
  name text not null,
  status text not null,
  registered_at timestamp with time zone not null,
  constraint party_merchants_pkey PRIMARY KEY (id),
  constraint party_merchants_seller_number_form CHECK ((seller_number ~ '^2088[0-9]{12}$'::text)),
  constraint party_merchants_seller_number_unique UNIQUE (seller_number),
  constraint party_merchants_status_known CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'closed'::text])))
);
grant select on party_merchants to huitong_app;
grant insert, select, update on party_merchants to huitong_committer;

create table party_number_series (
  name text not null,
  last_ordinal bigint not null,
  constraint party_number_series_in_range CHECK (((last_ordinal >= 1) AND (last_ordinal <= '999999999999'::bigint))),
  constraint party_number_series_pkey PRIMARY KEY (name)
);
grant insert, select, update on party_number_series to huitong_committer;

create table party_payment_codes (
  code_hash bytea not null,
  customer_id bigint not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint party_payment_codes_expire_after_issue CHECK ((expires_at > issued_at)),
  constraint party_payment_codes_hash_is_sha256 CHECK ((octet_length(code_hash) = 32)),
  constraint party_payment_codes_pkey PRIMARY KEY (code_hash),
  constraint party_payment_codes_used_in_time CHECK (((used_at IS NULL) OR ((used_at >= issued_at) AND (used_at < expires_at))))
);
CREATE INDEX party_payment_codes_by_customer ON party_payment_codes USING btree (customer_id, issued_at);
grant select on party_payment_codes to huitong_app;
grant insert, select, update on party_payment_codes to huitong_committer;

create table party_person_keys (
  customer_id bigint not null,
  master_key_version integer not null,
  wrapped_key bytea,
  phone_hash bytea,
  destroyed_at timestamp with time zone,
  constraint party_person_keys_gone_or_there CHECK (((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))),
  constraint party_person_keys_phone_goes_too CHECK (((wrapped_key IS NULL) = (phone_hash IS NULL))),
  constraint party_person_keys_pkey PRIMARY KEY (customer_id)
);
grant select on party_person_keys to huitong_app;
grant insert, select, update on party_person_keys to huitong_committer;

create table party_personal_data (
  customer_id bigint not null,
  phone_ciphertext bytea not null,
  constraint party_personal_data_pkey PRIMARY KEY (customer_id)
);
grant select on party_personal_data to huitong_app;
grant insert, select on party_personal_data to huitong_committer;

create table party_persons (
  document_hash bytea not null,
  person bigint not null,
  constraint party_persons_hash_is_sha256 CHECK ((octet_length(document_hash) = 32)),
  constraint party_persons_pkey PRIMARY KEY (document_hash)
);
grant select on party_persons to huitong_app;
grant insert, select, update on party_persons to huitong_committer;

create table party_phones (
  phone_hash bytea not null,
  customer_id bigint,
  constraint party_phones_customer_unique UNIQUE (customer_id),
  constraint party_phones_hash_is_sha256 CHECK ((octet_length(phone_hash) = 32)),
  constraint party_phones_pkey PRIMARY KEY (phone_hash)
);
grant select on party_phones to huitong_app;
grant insert, select, update on party_phones to huitong_committer;
