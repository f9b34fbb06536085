import { MICROS_PER_SECOND, type Micros, ok } from '@huitong/kernel'
import type { InstitutionDatabase } from '@huitong/pg'
import { commitWithoutWaiting, deleteNonces, insertNonce } from './alipay-nonce-store.ts'

/**
 * Recognises a v3 request that is sent a second time while its timestamp is still fresh.
 *
 * Value is protected by the merchants' own numbers in any case. Nonces of commands are rows all the same, so that they are known to
 * every process and after a restart; that commit does not wait for the disk. Nonces of queries are kept in memory only: who can
 * repeat one has read its answer already.
 */
export interface AlipayNonces {
  /** False when the application used the nonce before. */
  use(use: NonceUse): Promise<boolean>
}

interface NonceUse {
  readonly appId: string
  readonly nonce: string
  readonly kind: 'command' | 'query'
  readonly now: Micros
  readonly expiresAt: Micros
}

// At a thousand queries a second, all that are fresh. When it is full the oldest leave.
const REMEMBERED_MAX = 600_000
const SWEEP_EVERY: Micros = 60 * MICROS_PER_SECOND

export function alipayNonces(db: InstitutionDatabase, rememberedMax = REMEMBERED_MAX): AlipayNonces {
  const remembered = new Set<string>()
  let sweepAt = 0

  function remember(key: string): boolean {
    if (remembered.has(key)) return false
    remembered.add(key)
    for (const oldest of remembered) {
      if (remembered.size <= rememberedMax) break
      remembered.delete(oldest)
    }
    return true
  }

  return {
    use: async ({ appId, nonce, kind, now, expiresAt }) => {
      if (!remember(`${appId} ${nonce}`)) return false
      if (kind === 'query') return true
      const sweep = now >= sweepAt
      if (sweep) sweepAt = now + SWEEP_EVERY
      const added = await db.transact(async (tx) => {
        await commitWithoutWaiting(tx)
        if (sweep) await deleteNonces(tx, now)
        return ok(await insertNonce(tx, appId, nonce, expiresAt))
      })
      return added.ok && added.value
    },
  }
}
