-- One wallet that pays for another customer, within bounds. The windows of days and months are those that the last payment fell into.
create table family_links (
  id int8 not null,
  owner_id int8 not null,
  member_id int8 not null,
  relation text not null,
  state text not null,
  single_minor int8,
  day_minor int8,
  month_minor int8 not null,
  on_day date not null,
  spent_day_minor int8 not null,
  spent_month_minor int8 not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  opened_at timestamptz,
  ended_at timestamptz,
  ending text,
  constraint family_links_pkey primary key (id),
  constraint family_links_of_two check (owner_id <> member_id),
  constraint family_links_relation_known check (relation in ('parent', 'child', 'spouse', 'other')),
  constraint family_links_state_known check (state in ('invited', 'active', 'paused', 'ended')),
  constraint family_links_ending_known check (ending in ('withdrawn', 'declined', 'by_owner', 'by_member', 'by_staff')),
  constraint family_links_opened_by_both check (
    case
      when state = 'invited' or ending in ('withdrawn', 'declined') then opened_at is null
      when ending = 'by_staff' then true
      else opened_at is not null
    end),
  constraint family_links_ended_for_a_reason check ((state = 'ended') = (ended_at is not null) and (ended_at is null) = (ending is null)),
  constraint family_links_bounds_in_order check (
    month_minor > 0 and (single_minor is null or single_minor between 1 and month_minor)
    and (day_minor is null or day_minor between 1 and month_minor)),
  constraint family_links_spent_adds_up check (0 <= spent_day_minor and spent_day_minor <= spent_month_minor)
);

create index family_links_of_owner on family_links (owner_id, id);

create index family_links_of_member on family_links (member_id, id);

-- The open links of a customer, on either side.
create table family_members (
  customer_id int8 not null,
  links int8[] not null,
  constraint family_members_pkey primary key (customer_id)
);

-- What a link paid for a purchase. It counts against the owner's legal limits under its own id.
create table family_uses (
  purchase_id int8 not null,
  id int8 not null,
  link_id int8 not null,
  amount_minor int8 not null,
  returned_minor int8 not null,
  at timestamptz not null,
  constraint family_uses_pkey primary key (purchase_id),
  constraint family_uses_id_once unique (id),
  constraint family_uses_link_exists foreign key (link_id) references family_links (id),
  constraint family_uses_returned_within check (amount_minor > 0 and returned_minor between 0 and amount_minor)
);

create index family_uses_of_link on family_uses (link_id, id desc);

grant select, insert, update on family_links, family_members, family_uses to huitong_committer;

grant select on family_links, family_members, family_uses to huitong_app;
