create table committer_outbox (
  batch int8 not null,
  position int4 not null,
  topic text not null,
  key text not null,
  body jsonb not null,
  constraint committer_outbox_pkey primary key (batch, position)
);
create table effects (id int8 generated always as identity, consumer text not null, key text not null, body text not null);
grant select, insert on committer_outbox, effects to huitong_app;
