import { ServerStartError } from '@huitong/pg'
import { expect, test } from 'vitest'
import { startFailure } from './start-failure.ts'

const config = {
  ...{ dataDir: '/srv/h', host: '127.0.0.1', port: 80, databaseUrl: undefined, demo: undefined },
  logLevel: 'info' as const,
  origin: undefined,
  dormantAfterDays: undefined,
  checkpointsKept: 3,
  institutions: 'own' as const,
  reads: undefined,
}

const system = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall })

test.each([
  [system('EADDRINUSE', 'listen'), 1, 'Port 80 on 127.0.0.1 is used'],
  [system('EACCES', 'listen'), 1, 'may not listen on port 80'],
  [system('EACCES', 'mkdir'), 12, 'The data folder /srv/h may not be read or written'],
  [system('EROFS', 'open'), 12, 'The data folder /srv/h may not be read or written'],
  [system('ENOENT', 'mkdir'), 12, 'cannot be made there'],
  [system('ENOSPC', 'write'), 11, 'is full'],
  [Object.assign(new Error('could not extend file'), { code: '53100' }), 11, 'is full'],
  [new ServerStartError('too_old', 'Too old.'), 15, 'Too old.'],
  [new ServerStartError('database_newer', 'Newer.'), 19, 'Newer.'],
])('%s ends with %i in one sentence', (error, exitCode, sentence) => {
  const failure = startFailure(error, config)
  expect(failure).toMatchObject({ exitCode, foreseen: true, message: expect.stringContaining(sentence) })
  expect(failure.message).not.toContain('\n')
})

test.each([[system('ENOENT', 'open')], [new Error('a bug')]])('%s is nothing that was foreseen', (error) => {
  expect(startFailure(error, config)).toMatchObject({ exitCode: 1, foreseen: false })
})
