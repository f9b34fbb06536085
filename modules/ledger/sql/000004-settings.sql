-- What was settled about the books of the institution, each by an event of the journal. No row: nothing was settled yet.
create table ledger_settings (
  singleton boolean not null default true,
  kind text not null,
  constraint ledger_settings_pkey primary key (singleton),
  constraint ledger_settings_is_one_row check (singleton)
);

grant select, insert, update on ledger_settings to huitong_committer;

grant select on ledger_settings to huitong_app;
