-- How many orders a second a bank takes, and what it charges for what comes from it, in millionths. The newest orders tell how it is.
alter table channels_banks
  add column capacity int4,
  add column cost_millionths int4 not null default 0,
  add constraint channels_banks_capacity_positive check (capacity > 0),
  add constraint channels_banks_cost_a_share check (cost_millionths between 0 and 1000000);

create index channels_orders_made on channels_orders (bank, made_at);

create index channels_orders_of_card on channels_orders (card, made_at);
