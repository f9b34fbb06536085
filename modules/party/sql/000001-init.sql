-- The last ordinal of each series of public numbers.
create table party_number_series (
  name text not null,
  last_ordinal int8 not null,
  constraint party_number_series_pkey primary key (name),
  constraint party_number_series_in_range check (last_ordinal between 1 and 999999999999)
);

-- Customers. What names a person (display name, masked sign-in name) is overwritten when the person is erased.
create table party_customers (
  id int8 not null,
  user_number text not null,
  display_name text not null,
  masked_logon_id text not null,
  status text not null,
  tier int2 not null,
  registered_at timestamptz not null,
  constraint party_customers_pkey primary key (id),
  constraint party_customers_user_number_unique unique (user_number),
  constraint party_customers_user_number_form check (user_number ~ '^2088[0-9]{12}$'),
  constraint party_customers_status_known check (status in ('active', 'frozen', 'closed', 'erased')),
  constraint party_customers_tier_known check (tier between 1 and 3)
);

-- One data key a person, wrapped by a master key. Without it the person's data below cannot be read by anybody.
create table party_person_keys (
  customer_id int8 not null,
  master_key_version int4 not null,
  wrapped_key bytea,
  phone_hash bytea,
  destroyed_at timestamptz,
  constraint party_person_keys_pkey primary key (customer_id),
  constraint party_person_keys_gone_or_there check ((wrapped_key is null) = (destroyed_at is not null)),
  constraint party_person_keys_phone_goes_too check ((wrapped_key is null) = (phone_hash is null))
);

-- Personal data, encrypted under the person's data key.
create table party_personal_data (
  customer_id int8 not null,
  phone_ciphertext bytea not null,
  constraint party_personal_data_pkey primary key (customer_id)
);

-- Who has which phone, by keyed hash. After an erasure the hash stays without a person, so that it can be taken again.
create table party_phones (
  phone_hash bytea not null,
  customer_id int8,
  constraint party_phones_pkey primary key (phone_hash),
  constraint party_phones_customer_unique unique (customer_id),
  constraint party_phones_hash_is_sha256 check (octet_length(phone_hash) = 32)
);

create table party_merchants (
  id int8 not null,
  seller_number text not null,
  name text not null,
  status text not null,
  registered_at timestamptz not null,
  constraint party_merchants_pkey primary key (id),
  constraint party_merchants_seller_number_unique unique (seller_number),
  constraint party_merchants_seller_number_form check (seller_number ~ '^2088[0-9]{12}$'),
  constraint party_merchants_status_known check (status in ('active', 'suspended', 'closed'))
);

-- What a merchant pays per payment, from when. Never changed, only followed by a later row.
create table party_merchant_fee_rates (
  merchant_id int8 not null,
  valid_from timestamptz not null,
  fee_rate_millionths int4 not null,
  constraint party_merchant_fee_rates_pkey primary key (merchant_id, valid_from),
  constraint party_merchant_fee_rates_in_range check (fee_rate_millionths between 0 and 1000000)
);

create table party_applications (
  id int8 not null,
  app_id text not null,
  merchant_id int8 not null,
  name text not null,
  status text not null,
  sign_type text not null,
  notify_url text,
  key_version int4 not null,
  public_key bytea not null,
  api_key_hash bytea,
  registered_at timestamptz not null,
  constraint party_applications_pkey primary key (id),
  constraint party_applications_app_id_unique unique (app_id),
  constraint party_applications_app_id_form check (app_id ~ '^2021[0-9]{12}$'),
  constraint party_applications_merchant_fkey foreign key (merchant_id) references party_merchants (id),
  constraint party_applications_status_known check (status in ('active', 'disabled')),
  constraint party_applications_sign_type_known check (sign_type in ('RSA2')),
  constraint party_applications_key_version_positive check (key_version > 0),
  constraint party_applications_api_key_hash_is_sha256 check (octet_length(api_key_hash) = 32)
);

create index party_applications_by_merchant on party_applications (merchant_id, id);

create unique index party_applications_by_api_key on party_applications (api_key_hash) where api_key_hash is not null;

-- Every pair of keys that an application ever had, for signatures that are judged later.
create table party_application_keys (
  app_id text not null,
  key_version int4 not null,
  public_key bytea not null,
  api_key_hash bytea,
  valid_from timestamptz not null,
  constraint party_application_keys_pkey primary key (app_id, key_version)
);

-- Payment codes by keyed hash; the digits are stored nowhere.
create table party_payment_codes (
  code_hash bytea not null,
  customer_id int8 not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint party_payment_codes_pkey primary key (code_hash),
  constraint party_payment_codes_hash_is_sha256 check (octet_length(code_hash) = 32),
  constraint party_payment_codes_expire_after_issue check (expires_at > issued_at),
  constraint party_payment_codes_used_in_time check (used_at is null or (used_at >= issued_at and used_at < expires_at))
);

create index party_payment_codes_by_customer on party_payment_codes (customer_id, issued_at);

-- The codes that a customer got last: what the limit of live codes is counted on.
create table party_code_holders (
  customer_id int8 not null,
  recent_codes text not null,
  constraint party_code_holders_pkey primary key (customer_id)
);

grant select, insert, update on party_number_series, party_customers, party_person_keys, party_phones, party_merchants,
  party_applications, party_payment_codes, party_code_holders to huitong_committer;

grant select, insert on party_personal_data, party_merchant_fee_rates, party_application_keys to huitong_committer;

grant select on party_customers, party_person_keys, party_personal_data, party_phones, party_merchants,
  party_merchant_fee_rates, party_applications, party_application_keys, party_payment_codes to huitong_app;
