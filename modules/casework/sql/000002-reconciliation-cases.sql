-- A statement of somebody else that does not agree with the ledger is looked at by people.
alter table casework_cases
  drop constraint casework_cases_kind_known,
  add constraint casework_cases_kind_known check (
    kind in ('dispute', 'risk_hold', 'poison_input', 'refusal', 'complaint', 'link_refusal', 'reconciliation'));
