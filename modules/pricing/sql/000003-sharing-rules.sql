-- How much of a payment its merchant may pass on in all, dated: per merchant, and under id 0 for all that have no rule of their own.
-- Versions are only added; the newest that has begun is in force.
create table pricing_sharing_rules (
  merchant_id int8 not null,
  version int4 not null,
  max_bps int4 not null,
  effective_from date not null,
  effective_to date,
  instrument text not null,
  source text not null,
  added_at timestamptz not null,
  constraint pricing_sharing_rules_pkey primary key (merchant_id, version),
  constraint pricing_sharing_rules_version_positive check (version > 0),
  constraint pricing_sharing_rules_part_of_whole check (max_bps between 0 and 10000),
  constraint pricing_sharing_rules_ends_after_begin check (effective_to >= effective_from)
);

grant select, insert on pricing_sharing_rules to huitong_committer;

grant select on pricing_sharing_rules to huitong_app;
