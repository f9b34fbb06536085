-- Merchants are told of authorisations as well: a notification is of a trade or of an authorisation.
alter table payments_notifications alter column trade_id drop not null;

alter table payments_notifications add column authorisation_id int8;

alter table payments_notifications add constraint payments_notifications_of_one_thing
  check ((trade_id is null) <> (authorisation_id is null));
