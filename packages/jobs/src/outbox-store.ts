import type { ReadOutbox } from './outbox.ts'

/** The committer's outbox, straight along its primary key. */
export const readCommitterOutbox: ReadOutbox = async ({ sql }, after, limit) => {
  return await sql`
    select batch, position, topic, key, body::text as body
    from committer_outbox
    where (batch, position) > (${after.batch}, ${after.position})
    order by batch, position
    limit ${limit}`
}
