-- The first customer with the same identity document. Limits count what all of a person's accounts spend together.
alter table party_customers add column person int8;

-- How a customer's identity was confirmed: only added to.
create table party_identity_factors (
  customer_id int8 not null,
  factor text not null,
  reference text not null,
  confirmed_at timestamptz not null,
  constraint party_identity_factors_pkey primary key (customer_id, factor),
  constraint party_identity_factors_factor_known check (factor in (
    'phone', 'identity_document', 'bank_card', 'tax', 'social_security', 'education', 'utility', 'face', 'face_to_face'))
);

-- Who has which identity document, by keyed hash. It stays when a customer is erased: another account of the person counts with it.
create table party_persons (
  document_hash bytea not null,
  person int8 not null,
  constraint party_persons_pkey primary key (document_hash),
  constraint party_persons_hash_is_sha256 check (octet_length(document_hash) = 32)
);

-- Name and number of an identity document, encrypted under the customer's data key.
create table party_identity_documents (
  customer_id int8 not null,
  legal_name_ciphertext bytea not null,
  number_ciphertext bytea not null,
  constraint party_identity_documents_pkey primary key (customer_id)
);

grant select, insert on party_identity_factors, party_identity_documents to huitong_committer;

grant select, insert, update on party_persons to huitong_committer;

grant select on party_identity_factors, party_persons, party_identity_documents to huitong_app;
