-- Complete parts of the tree over the hashes of all batches: of 256 batches (level 8) and of 65,536 (level 16).
create table ledger_history_nodes (
  level int2 not null,
  index int8 not null,
  hash bytea not null,
  constraint ledger_history_nodes_pkey primary key (level, index),
  constraint ledger_history_nodes_level_kept check (level in (8, 16))
);

grant select, insert on ledger_history_nodes to huitong_committer;

grant select on ledger_history_nodes to huitong_app;
