import type { Sql } from '@huitong/pg'

/** The schema of the job queue: plain, one for the whole server, no institution's. */
export const jobsSchema = 'huitong_jobs'

export interface EnqueueOptions {
  /** Not before this time, in microseconds since 1970; at once when missing. */
  readonly runAt?: number
  /** A job that waits under the same key is replaced instead of a second one being added. */
  readonly key?: string
  /** 25 unless told; after the last the job stays, failed, for an operator. */
  readonly attemptsMax?: number
}

/**
 * Adds a job in the transaction of `sql`: it exists when that commits, and never if it does not. The payload must be JSON. Not for
 * the committer's batches: the queue notifies its workers on commit, which would halve their rate.
 */
export async function enqueue(
  { sql }: { readonly sql: Sql },
  name: string,
  payload: unknown,
  options: EnqueueOptions = {},
): Promise<void> {
  await sql`
    select huitong_jobs.enqueue(${name}, ${JSON.stringify(payload)}::text::json, ${options.runAt ?? null}::timestamptz,
      ${options.key ?? null}, ${options.attemptsMax ?? null}::int4)`
}

/**
 * The queue's own tables are closed to everybody but their owner. This function, which runs as that owner, is all that
 * institutions get.
 */
export async function openQueueToInstitutions(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create or replace function huitong_jobs.enqueue(
      name text, payload json, run_at timestamptz, key text, attempts_max int4
    ) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
      select huitong_jobs.add_job(
        identifier => name, payload => payload, run_at => run_at, job_key => key, max_attempts => attempts_max)
    $$`)
  await sql.unsafe('revoke all on function huitong_jobs.enqueue from public')
  await sql.unsafe('grant usage on schema huitong_jobs to huitong_app')
  await sql.unsafe('grant execute on function huitong_jobs.enqueue to huitong_app')
}
