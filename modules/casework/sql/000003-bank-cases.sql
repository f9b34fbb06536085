-- A reserve that is short, and payments to and from banks that somebody has to look at.
alter table casework_cases
  drop constraint casework_cases_kind_known,
  add constraint casework_cases_kind_known check (
    kind in ('dispute', 'risk_hold', 'poison_input', 'refusal', 'complaint', 'link_refusal', 'reconciliation', 'reserve', 'channel_order',
      'bank_payment'));
