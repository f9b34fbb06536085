-- Published versions of templates. A row never changes; its event in the journal holds the same definition.
create table ledger_templates (
  name text not null,
  version int4 not null,
  definition text not null,
  batch int8 not null,
  constraint ledger_templates_pkey primary key (name, version),
  constraint ledger_templates_versions_from_one check (version >= 1)
);

grant select, insert on ledger_templates to huitong_committer;

grant select on ledger_templates to huitong_app;
