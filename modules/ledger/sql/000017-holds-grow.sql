-- A hold may be increased: a transfer of kind 6 adds its amount to what the hold promises.
alter table ledger_transfers
  drop constraint ledger_transfers_amounts_fit_kind,
  add constraint ledger_transfers_amounts_fit_kind check (
    case kind
      when 1 then amount_minor > 0 and released_minor = 0
      when 2 then amount_minor > 0 and released_minor = 0
      when 3 then amount_minor > 0 and released_minor >= amount_minor
      when 6 then amount_minor > 0 and released_minor = 0
      else kind in (4, 5) and amount_minor = 0 and released_minor > 0
    end);
