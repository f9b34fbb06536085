create table links_cursors (
  peer text not null,
  acknowledged bigint not null,
  acknowledged_at timestamp with time zone,
  attempts integer not null,
  last_fault text,
  next_attempt_at timestamp with time zone,
  constraint links_cursors_not_negative CHECK (((acknowledged >= 0) AND (attempts >= 0))),
  constraint links_cursors_pkey PRIMARY KEY (peer)
);
grant insert, select, update on links_cursors to huitong_app;

create table links_incoming (
  peer text not null,
  number bigint not null,
  digest bytea not null,
  received_at timestamp with time zone not null,
  sealed bytea not null,
  constraint links_incoming_digest_sha256 CHECK ((octet_length(digest) = 32)),
  constraint links_incoming_pkey PRIMARY KEY (peer, number)
);
grant insert, select on links_incoming to huitong_app;

create table links_lines (
  peer text not null,
  sent bigint not null,
  received bigint not null,
  constraint links_lines_not_negative CHECK (((sent >= 0) AND (received >= 0))),
  constraint links_lines_pkey PRIMARY KEY (peer)
);
grant select on links_lines to huitong_app;
grant insert, select, update on links_lines to huitong_committer;

create table links_outgoing (
  peer text not null,
  number bigint not null,
  batch bigint not null,
  sealed bytea not null,
  constraint links_outgoing_pkey PRIMARY KEY (peer, number)
);
grant select on links_outgoing to huitong_app;
grant insert, select on links_outgoing to huitong_committer;

create table links_own_keys (
  key_id text not null,
  public_key text not null,
  private_sealed text not null,
  made_at timestamp with time zone not null,
  used_from timestamp with time zone,
  constraint links_own_keys_pkey PRIMARY KEY (key_id)
);
grant select on links_own_keys to huitong_app;
grant insert, select, update on links_own_keys to huitong_committer;

create table links_peer_keys (
  key_id text not null,
  peer text not null,
  public_key text not null,
  valid_from timestamp with time zone not null,
  valid_until timestamp with time zone,
  constraint links_peer_keys_pkey PRIMARY KEY (key_id)
);
CREATE INDEX links_peer_keys_of_peer ON links_peer_keys USING btree (peer);
grant select on links_peer_keys to huitong_app;
grant insert, select, update on links_peer_keys to huitong_committer;

create table links_peers (
  peer text not null,
  name text not null,
  url text not null,
  state text not null,
  changed_at timestamp with time zone not null,
  constraint links_peers_pkey PRIMARY KEY (peer),
  constraint links_peers_state_known CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text])))
);
grant select on links_peers to huitong_app;
grant insert, select, update on links_peers to huitong_committer;
