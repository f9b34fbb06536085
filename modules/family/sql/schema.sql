create table family_links (
  id bigint not null,
  owner_id bigint not null,
  member_id bigint not null,
  relation text not null,
  state text not null,
  single_minor bigint,
  day_minor bigint,
  month_minor bigint not null,
  on_day date not null,
  spent_day_minor bigint not null,
  spent_month_minor bigint not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  opened_at timestamp with time zone,
  ended_at timestamp with time zone,
  ending text,
  constraint family_links_bounds_in_order CHECK (((month_minor > 0) AND ((single_minor IS NULL) OR ((single_minor >= 1) AND (single_minor <= month_minor))) AND ((day_minor IS NULL) OR ((day_minor >= 1) AND (day_minor <= month_minor))))),
  constraint family_links_ended_for_a_reason CHECK ((((state = 'ended'::text) = (ended_at IS NOT NULL)) AND ((ended_at IS NULL) = (ending IS NULL)))),
  constraint family_links_ending_known CHECK ((ending = ANY (ARRAY['withdrawn'::text, 'declined'::text, 'by_owner'::text, 'by_member'::text, 'by_staff'::text]))),
  constraint family_links_of_two CHECK ((owner_id <> member_id)),
  constraint family_links_opened_by_both CHECK (
CASE
    WHEN ((state = 'invited'::text) OR (ending = ANY (ARRAY['withdrawn'::text, 'declined'::text]))) THEN (opened_at IS NULL)
    WHEN (ending = 'by_staff'::text) THEN true
    ELSE (opened_at IS NOT NULL)
END),
  constraint family_links_pkey PRIMARY KEY (id),
  constraint family_links_relation_known CHECK ((relation = ANY (ARRAY['parent'::text, 'child'::text, 'spouse'::text, 'other'::text]))),
  constraint family_links_spent_adds_up CHECK (((0 <= spent_day_minor) AND (spent_day_minor <= spent_month_minor))),
  constraint family_links_state_known CHECK ((state = ANY (ARRAY['invited'::text, 'active'::text, 'paused'::text, 'ended'::text])))
);
CREATE INDEX family_links_of_member ON family_links USING btree (member_id, id);
CREATE INDEX family_links_of_owner ON family_links USING btree (owner_id, id);
grant select on family_links to huitong_app;
grant insert, select, update on family_links to huitong_committer;

create table family_members (
  customer_id bigint not null,
  links bigint[] not null,
  constraint family_members_pkey PRIMARY KEY (customer_id)
);
grant select on family_members to huitong_app;
grant insert, select, update on family_members to huitong_committer;

create table family_uses (
  purchase_id bigint not null,
  id bigint not null,
  link_id bigint not null,
  amount_minor bigint not null,
  returned_minor bigint not null,
  at timestamp with time zone not null,
  constraint family_uses_id_once UNIQUE (id),
  constraint family_uses_link_exists FOREIGN KEY (link_id) REFERENCES family_links(id),
  constraint family_uses_pkey PRIMARY KEY (purchase_id),
  constraint family_uses_returned_within CHECK (((amount_minor > 0) AND ((returned_minor >= 0) AND (returned_minor <= amount_minor))))
);
CREATE INDEX family_uses_of_link ON family_uses USING btree (link_id, id DESC);
grant select on family_uses to huitong_app;
grant insert, select, update on family_uses to huitong_committer;
