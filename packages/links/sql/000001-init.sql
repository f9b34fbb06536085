-- Institutions that messages go to and come from, as two members of staff said.
create table links_peers (
  peer text not null,
  name text not null,
  url text not null,
  state text not null,
  changed_at timestamptz not null,
  constraint links_peers_pkey primary key (peer),
  constraint links_peers_state_known check (state in ('active', 'suspended'))
);

-- What their signatures are checked by. Two of one peer are good at once while it changes its key.
create table links_peer_keys (
  key_id text not null,
  peer text not null,
  public_key text not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  constraint links_peer_keys_pkey primary key (key_id)
);

create index links_peer_keys_of_peer on links_peer_keys (peer);

-- What we sign with: of those that are in use the newest. The private half is sealed under a key that is not in the database.
create table links_own_keys (
  key_id text not null,
  public_key text not null,
  private_sealed text not null,
  made_at timestamptz not null,
  used_from timestamptz,
  constraint links_own_keys_pkey primary key (key_id)
);

-- How far the two numberings of a link have come.
create table links_lines (
  peer text not null,
  sent int8 not null,
  received int8 not null,
  constraint links_lines_pkey primary key (peer),
  constraint links_lines_not_negative check (sent >= 0 and received >= 0)
);

-- Messages to send, sealed: they say who pays whom.
create table links_outgoing (
  peer text not null,
  number int8 not null,
  batch int8 not null,
  sealed bytea not null,
  constraint links_outgoing_pkey primary key (peer, number)
);

-- Messages as they came, with the headers that prove from whom, sealed.
create table links_incoming (
  peer text not null,
  number int8 not null,
  digest bytea not null,
  received_at timestamptz not null,
  sealed bytea not null,
  constraint links_incoming_pkey primary key (peer, number),
  constraint links_incoming_digest_sha256 check (octet_length(digest) = 32)
);

-- How far the peer has acknowledged, and what went wrong since.
create table links_cursors (
  peer text not null,
  acknowledged int8 not null,
  acknowledged_at timestamptz,
  attempts int4 not null,
  last_fault text,
  next_attempt_at timestamptz,
  constraint links_cursors_pkey primary key (peer),
  constraint links_cursors_not_negative check (acknowledged >= 0 and attempts >= 0)
);

grant select, insert, update on links_peers, links_peer_keys, links_own_keys, links_lines to huitong_committer;

grant select, insert on links_outgoing to huitong_committer;

grant select on links_peers, links_peer_keys, links_own_keys, links_lines, links_outgoing to huitong_app;

grant select, insert on links_incoming to huitong_app;

grant select, insert, update on links_cursors to huitong_app;
