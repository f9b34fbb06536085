-- What accounts (object 1) and transfers (object 2) carry besides what the ledger itself knows of them: as of now, since its history stands
-- in ledger_events. Texts are compared byte by byte, so that one index serves a value, a prefix and a mere key, page by page.
create table ledger_metadata (
  object_id int8 not null,
  key text collate "C" not null,
  value text collate "C" not null,
  object int2 not null,
  constraint ledger_metadata_pkey primary key (object_id, key),
  constraint ledger_metadata_object_known check (object in (1, 2)),
  constraint ledger_metadata_key_formed check (key ~ '^[a-z][a-z0-9_.-]{0,39}$'),
  constraint ledger_metadata_value_short check (length(value) between 1 and 256)
);

create index ledger_metadata_value on ledger_metadata (object, key, value, object_id);

grant select, insert, update, delete on ledger_metadata to huitong_committer;

grant select on ledger_metadata to huitong_app;
