-- Customers who died: nothing goes out any more but to heirs.
alter table party_customers drop constraint party_customers_status_known;

alter table party_customers add constraint party_customers_status_known
  check (status in ('active', 'frozen', 'deceased', 'closed', 'erased'));
