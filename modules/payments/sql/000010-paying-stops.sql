-- Customers of whom nothing can be paid, by a freeze of the wallet; null when they may pay again.
create table payments_paying_stops (
  customer_id int8 not null,
  freeze_id int8,
  reference text not null,
  changed_at timestamptz not null,
  constraint payments_paying_stops_pkey primary key (customer_id)
);

grant select, insert, update on payments_paying_stops to huitong_committer;

grant select on payments_paying_stops to huitong_app;
