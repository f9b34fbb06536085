import { systemClock } from '@huitong/kernel'
import { ensureOwnKey, type LinkDesk, startLinkSender } from '@huitong/links'
import type { Institution } from './institution.ts'
import type { Repeated } from './repeat.ts'

/** Sends what the institution has to say to others; those that say nothing have nothing to start. */
export async function startLinkWork(institution: Institution, desk: LinkDesk): Promise<Repeated> {
  const { db, committer, clock, own, linkVault, log, schema } = institution
  if (own.link === undefined) return { stop: async () => undefined }
  const { links, member } = own.link
  await ensureOwnKey({ db, committer, links, vault: linkVault, member })
  const sender = startLinkSender({
    ...{ db, committer, links, vault: linkVault, desk, member, clock, wallClock: systemClock() },
    onError: (error, peer) =>
      log.warn({ institution: schema, peer, err: error }, 'messages could not be sent now and will be'),
  })
  institution.onCommitted(() => sender.wake())
  return sender
}
