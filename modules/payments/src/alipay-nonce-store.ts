import type { Micros } from '@huitong/kernel'
import type { Tx } from '@huitong/pg'

/** Remembers a nonce until it is stale by itself; false when it was there already. */
export async function insertNonce(tx: Tx, appId: string, nonce: string, expiresAt: Micros): Promise<boolean> {
  const added = await tx.sql`
    insert into payments_gateway_nonces (app_id, nonce, expires_at)
    values (${appId}, ${nonce}, ${expiresAt})
    on conflict on constraint payments_gateway_nonces_pkey do nothing`
  return added.count === 1
}

/** For a transaction whose loss in a crash of the machine does no harm: its commit does not wait for the disk. */
export async function commitWithoutWaiting(tx: Tx): Promise<void> {
  await tx.sql`set local synchronous_commit = off`
}

export async function deleteNonces(tx: Tx, expiredAt: Micros): Promise<void> {
  await tx.sql`delete from payments_gateway_nonces where expires_at <= ${expiredAt}`
}
