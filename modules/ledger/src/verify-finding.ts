/**
 * Everything that verification can find wrong, grouped by what it contradicts. Numbers in a finding point at the place; `expected`
 * is what the journal says or a rule demands, `found` is what stands there.
 */
export const VERIFY_FINDINGS = {
  batch_missing: 'A batch is missing between two others.',
  batch_not_linked: 'The batch does not name the hash of the batch before it.',
  batch_position_missing: 'The positions of the journal rows of the batch are not 0, 1, 2 and so on.',
  batch_count_wrong: 'The batch has another number of journal rows than it says.',
  batch_root_wrong: 'The journal rows of the batch are not those that its Merkle root was made from.',
  batch_hash_wrong: 'The hash of the batch does not fit its contents.',
  batch_time_not_growing: 'The batch is not later than the one before it.',
  accounting_day_wrong: 'The accounting day changed without a day close, or not to the day that the close named.',
  id_counter_falls: 'The counter of ids is lower than in an earlier batch.',
  rows_without_batch: 'There are journal rows of a batch that does not exist.',
  head_beyond_batches: 'The head names a batch after the last one: batches were removed.',
  head_before_batches: 'The head is behind the last batch.',
  head_differs: 'The head and the last batch do not agree.',
  checkpoint_refused: 'A checkpoint is not what the institution signed, or not of this journal: it was not used.',
  archive_differs: 'The file of an archived stretch of the journal is not the one that was written.',
  history_differs: 'A kept part of the history tree is not made of the hashes of its batches.',
  signed_head_forged: 'The signature of a signed head is not of the institution.',
  signed_head_of_other: 'A signed head belongs to another institution.',
  signed_head_differs: 'The batch is not the one that was signed: the journal was changed afterwards.',
  signed_head_beyond_end: 'A batch that was signed is not there any more.',
  id_not_growing: 'The id is not greater than the one before it in the journal.',
  id_beyond_counter: 'The id is beyond the counter of ids of its batch.',
  transfer_breaks_kind: 'The amounts or accounts of the transfer are not possible for its kind.',
  transfer_account_unknown: 'The account was not opened before the transfer.',
  transfer_account_not_open: 'The account was frozen or closed at the time.',
  transfer_currency_differs: 'The two accounts have different currencies.',
  entry_out_of_sequence: 'The entry does not follow the last one of its account.',
  entry_balance_wrong: 'The balance after the entry is not what the entries add up to.',
  entry_link_wrong: 'The entry does not name the place of the entry of its account before it.',
  mark_differs: 'A mark of the account is missing or points elsewhere.',
  mark_not_journaled: 'There are more marks than the entries of the journal ask for.',
  floor_violated: 'The account fell below its floor.',
  counter_overflow: 'A counter of the account is larger than the ledger can count.',
  journal_entry_torn: 'The transfers of the entry do not stand together.',
  journal_entry_differs: 'The transfers of the entry do not come to the lines that were journaled with it.',
  summary_differs: 'The daily summary is not the sum of what was buffered.',
  buffer_outlives_day: 'Something was buffered and not posted when the accounting day closed.',
  buffer_differs: 'The row of the buffer is not what was buffered since the last summary.',
  template_differs: 'The row of the template is not what was journaled.',
  hold_not_open: 'The hold was not open at the time, or never made.',
  hold_entry_breaks_rule: 'The transfer or event does not fit the hold that it changes or ends.',
  reversal_breaks_rule: 'The transfer cannot take back the one that it names.',
  reversal_differs: 'The count of what was taken back of the transfer is not what the journal says.',
  freeze_breaks_rule: 'The event was not possible for the freeze or its account.',
  freeze_differs: 'The row of the freeze is not what the journal makes of it.',
  restraints_differ: 'The sums of freezes or the upper bound on the row of the account are not what the journal says.',
  ceiling_violated: 'The account rose above its upper bound.',
  event_malformed: 'The event cannot be read.',
  event_account_unknown: 'The account was not opened before the event.',
  event_breaks_rule: 'The event was not possible for its account.',
  account_breaks_chart: 'The account was opened on a subject that the chart of accounts does not allow.',
  back_dating_breaks_rule: 'The transfer was back-dated to a day that was not open for that.',
  day_differs: 'The row of a closed day is not what the journal says.',
  year_end_breaks_rule: 'The transfer is not one that closes a year or opens it again.',
  year_differs: 'The row of a closed year is not what the journal says.',
  year_not_carried: 'Income and expenses up to the end of a closed year do not come to zero.',
  day_total_missing: 'A subject moved on the day but has no total.',
  day_total_not_journaled: 'There is a total of a day and subject that nothing moved on.',
  day_total_differs: 'The total of the day and subject is not what its transfers add up to.',
  day_total_behind_flushed: 'The total of the day and subject is older than the head promises.',
  settings_differ: 'What was settled about the books is not what the journal says.',
  account_row_missing: 'The account was opened but has no row.',
  account_not_journaled: 'The account has a row but was never opened.',
  account_differs: 'The row of the account is not what its events make of it.',
  balance_row_missing: 'The account has no balance row.',
  balance_not_journaled: 'There is a balance row of an account that was never opened.',
  balance_differs: 'The balance row is not what the entries of the account add up to.',
  balance_behind_flushed: 'The balance row is older than the head promises.',
  balance_beyond_journal: 'The balance row counts entries that the journal does not have.',
  hold_row_missing: 'The hold was made but has no row.',
  hold_not_journaled: 'The hold has a row but was never made.',
  hold_differs: 'The row of the hold is not what the journal makes of it.',
  pending_differs_from_holds: 'The promised amounts of the account are not the sum of its open holds.',
  policy_differs: 'The posting policy of the account is not what its events make of it.',
  scheduled_breaks_rule: 'The event was not possible for the scheduled posting, or posted something else.',
  scheduled_differs: 'The row of the scheduled posting is not what the journal makes of it.',
  set_differs: 'A set, its members or what they have together is not what the journal says.',
  metadata_differs: 'What hangs on an account or transfer is not what its events make of it.',
  metadata_not_journaled: 'Transfers have other metadata than the journal has events for.',
  liability_differs: 'A statement of what was owed to others is not what the journal says.',
  reference_differs: 'A reference from a file names an account or a transfer that is not there.',
  outcomes_differ: 'What is remembered of the commands of the batch is not what it was sealed with.',
  outcome_keys_differ: 'A stored run of keys of remembered outcomes would not find each of them.',
  outcome_without_batch: 'A remembered outcome names a batch that does not exist.',
  outbox_without_batch: 'An outbox event names a batch that does not exist.',
  business_differs: 'What a module says of its business is not what the ledger has for it.',
  totals_not_balanced: 'Debits and credits of the currency are not equal.',
} as const

export type VerifyFindingCode = keyof typeof VERIFY_FINDINGS

export interface FindingFacts {
  readonly batch?: number
  readonly position?: number
  readonly account?: number
  readonly hold?: number
  readonly transfer?: number
  readonly freeze?: number
  /** The column, counter or rule in question. */
  readonly what?: string
  readonly expected?: string
  readonly found?: string
}

export interface VerifyFinding extends FindingFacts {
  readonly code: VerifyFindingCode
}

/** One broken row can break thousands after it; the first of each code tell the story. */
const KEPT_PER_CODE = 100

export class FindingList {
  readonly #kept: VerifyFinding[] = []
  readonly #counts = new Map<VerifyFindingCode, number>()

  add(code: VerifyFindingCode, facts: FindingFacts): void {
    const before = this.#counts.get(code) ?? 0
    this.#counts.set(code, before + 1)
    if (before < KEPT_PER_CODE) this.#kept.push({ code, ...facts })
  }

  /** The first findings of every code, in the order in which they were found. */
  get kept(): readonly VerifyFinding[] {
    return this.#kept
  }

  get counts(): ReadonlyMap<VerifyFindingCode, number> {
    return this.#counts
  }
}
