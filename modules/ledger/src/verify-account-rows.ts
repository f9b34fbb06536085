import { makeId } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { type AccountReplay, HAS_ACCOUNT_ROW, OPENED } from './verify-accounts.ts'
import { type AccountRowSeen, readAccountRows } from './verify-balance-store.ts'
import { type EventSeen, floorOf, minorOf, parseEventData, stateOf } from './verify-events.ts'
import type { FindingList } from './verify-finding.ts'
import { readLaterEvents } from './verify-journal-store.ts'

const CHUNK_ROWS = 20_000
/** Lower ones are never given out; a row with one is found before. */
const FIRST_ID = makeId(1, 0)

interface Changed {
  floorMinor: bigint | null
  state: string
}

/**
 * Compares the rows of all accounts with what their events made of them. Rows change with their events, in one commit, so each
 * chunk reads in one snapshot also the events after `end` and counts them in. `idEnd` is the first id that was not given out by
 * then.
 */
export async function checkAccountRows(
  db: Pick<InstitutionDatabase, 'read'>,
  accounts: AccountReplay,
  findings: FindingList,
  end: number,
  idEnd: number,
): Promise<void> {
  for (let after: number | undefined = FIRST_ID - 1; after !== undefined; ) {
    const from: number = after
    after = await db.read(async ({ sql }) => {
      const rows = await readAccountRows(sql, from, idEnd, CHUNK_ROWS)
      const changed = changesOf(accounts, await readLaterEvents(sql, end, idEnd))
      for (const row of rows) compareRow(accounts, findings, row, changed)
      return rows.length === CHUNK_ROWS ? rows.at(-1)?.id : undefined
    })
  }
  for (const [account, place] of accounts.all()) {
    if (accounts.has(place, OPENED) && !accounts.has(place, HAS_ACCOUNT_ROW)) {
      findings.add('account_row_missing', { account })
    }
  }
}

/** Floors and states that events after the replay changed. What these events are worth, the next verification finds out. */
function changesOf(accounts: AccountReplay, events: readonly EventSeen[]): ReadonlyMap<number, Changed> {
  const changes = new Map<number, Changed>()
  for (const { account, kind, data } of events) {
    const place = accounts.place(account)
    const parsed = parseEventData(data)
    if (place === -1 || parsed === undefined) continue
    const change = changes.get(account) ?? { floorMinor: accounts.floorMinor(place), state: accounts.state(place) }
    if (kind === 'credit_limit_changed') change.floorMinor = -(minorOf(parsed.limit_minor) ?? 0n)
    if (kind === 'account_reopened') change.state = 'open'
    if (kind === 'floor_changed') change.floorMinor = floorOf(parsed)?.minor ?? null
    if (kind === 'state_changed') change.state = stateOf(parsed) ?? change.state
    changes.set(account, change)
  }
  return changes
}

function compareRow(
  accounts: AccountReplay,
  findings: FindingList,
  row: AccountRowSeen,
  changed: ReadonlyMap<number, Changed>,
): void {
  const account = row.id
  const place = accounts.place(account)
  const opening = place === -1 ? undefined : accounts.opening(place)
  if (opening === undefined) {
    findings.add('account_not_journaled', { account })
    return
  }
  accounts.set(place, HAS_ACCOUNT_ROW)
  const change = changed.get(account)
  const floor = change === undefined ? accounts.floorMinor(place) : change.floorMinor
  const fields = [
    ['subject', opening.subject, row.subject],
    ['currency', opening.currency, row.currency],
    ['owner', opening.owner ?? 'none', row.owner ?? 'none'],
    ['floor_minor', String(floor ?? 'none'), String(row.floorMinor ?? 'none')],
    ['state', change?.state ?? accounts.state(place), row.state],
  ] as const
  for (const [what, expected, found] of fields) {
    if (expected !== found) findings.add('account_differs', { account, what, expected, found })
  }
}
