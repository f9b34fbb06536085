import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from './options.ts'

describe('the configuration', () => {
  test('has a default for everything', () => {
    expect(readConfig([], {})).toEqual({
      ok: true,
      value: {
        ...{ dataDir: resolve('.huitong'), host: '127.0.0.1', port: 8080 },
        ...{ databaseUrl: undefined, demo: undefined, logLevel: 'info', origin: undefined },
        dormantAfterDays: undefined,
        checkpointsKept: 3,
        institutions: { path: resolve('.huitong', 'institutions.json'), needed: false },
        reads: undefined,
      },
    })
  })

  test('is read from options and the environment', () => {
    const read = readConfig(
      [
        '--data',
        '/srv/huitong',
        '--port=0',
        '--host',
        '::1',
        '--no-demo',
        '--dormant-after-days=365',
        '--checkpoints=0',
        '--read-lag-max-seconds=2',
        '--read-fallback=refuse',
      ],
      {
        ...{ DATABASE_URL: 'postgres://huitong@db/huitong', HUITONG_LOG_LEVEL: 'warn' },
        ...{ HUITONG_ORIGIN: 'https://pay.example.com', HUITONG_READ_URL: 'postgres://huitong@replica/huitong' },
      },
    )
    expect(read).toEqual({
      ok: true,
      value: {
        ...{ dataDir: '/srv/huitong', host: '::1', port: 0 },
        ...{
          databaseUrl: 'postgres://huitong@db/huitong',
          demo: false,
          logLevel: 'warn',
          origin: 'https://pay.example.com',
        },
        dormantAfterDays: 365,
        checkpointsKept: 0,
        institutions: { path: '/srv/huitong/institutions.json', needed: false },
        reads: { url: 'postgres://huitong@replica/huitong', lagMaxSeconds: 2, fallback: 'refuse' },
      },
    })
  })

  const bad: [string[], Record<string, string>, string][] = [
    [['--prot', '80'], {}, "Unknown option '--prot'"],
    [['--no-port'], {}, '--no-port'],
    [['--demo=yes'], {}, '--demo'],
    [['--port', '80a'], {}, '--port must be'],
    [['--port', '65536'], {}, '--port must be'],
    [['--port', ''], {}, '--port must be'],
    [['--dormant-after-days', '0'], {}, '--dormant-after-days must be'],
    [['--dormant-after-days', 'a year'], {}, '--dormant-after-days must be'],
    [['--checkpoints', '-1'], {}, '--checkpoints'],
    [['--checkpoints', '1000'], {}, '--checkpoints must be'],
    [['--read-lag-max-seconds', '0'], { HUITONG_READ_URL: 'file:///x' }, '--read-lag-max-seconds must be'],
    [['--read-fallback', 'secondary'], { HUITONG_READ_URL: 'file:///x' }, '--read-fallback must be'],
    [['--read-fallback', 'refuse'], {}, 'HUITONG_READ_URL'],
    [[], { HUITONG_READ_URL: 'replica.example' }, 'HUITONG_READ_URL is not of the form'],
    [['--data', ''], {}, 'must not be empty'],
    [['serve'], {}, 'serve'],
    [[], { HUITONG_LOG_LEVEL: 'loud' }, 'HUITONG_LOG_LEVEL'],
    [[], { HUITONG_ORIGIN: 'pay.example.com' }, 'HUITONG_ORIGIN'],
    [[], { HUITONG_ORIGIN: 'http://pay.example.com' }, 'HUITONG_ORIGIN'],
    [[], { HUITONG_ORIGIN: 'https://192.0.2.1' }, 'HUITONG_ORIGIN'],
    [[], { HUITONG_ORIGIN: 'https://pay.example.com/path' }, 'HUITONG_ORIGIN'],
  ]
  test.each(bad)('%j with %j is refused in one sentence', (args, env, sentence) => {
    const read = readConfig(args, env)
    expect(read.ok).toBe(false)
    if (!read.ok) expect(read.error).toContain(sentence)
  })
})
