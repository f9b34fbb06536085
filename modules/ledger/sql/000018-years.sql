-- Years whose income and expenses were carried into retained earnings: the entries that did it, in order, and whether nothing is left to
-- carry. The revision grows with each closing and reopening.
create table ledger_years (
  year int4 not null,
  entries int8[] not null,
  complete boolean not null,
  revision int4 not null,
  constraint ledger_years_pkey primary key (year),
  constraint ledger_years_revision_positive check (revision > 0)
);

grant select, insert, update on ledger_years to huitong_committer;

grant select on ledger_years to huitong_app;
