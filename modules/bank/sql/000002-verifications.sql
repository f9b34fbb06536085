-- Whether an account at another bank is that person's, as that bank says. Neither the name nor the account is kept.
create table bank_verifications (
  message_id text not null,
  peer_bank text not null,
  matches boolean,
  asked_at timestamptz not null,
  answered_at timestamptz,
  constraint bank_verifications_pkey primary key (message_id),
  constraint bank_verifications_answered_with_time check ((matches is null) = (answered_at is null))
);

grant select, insert, update on bank_verifications to huitong_committer;

grant select on bank_verifications to huitong_app;
