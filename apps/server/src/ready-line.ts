import type { Started } from './host-institution.ts'
import type { RunningServer } from './start.ts'

/** What the person at the terminal needs: the address first, on a line of its own that programs may wait for. */
export function readyLines({ url, folder, demo, signInLinks, institutions }: RunningServer): string {
  const lines = [
    `Huitong is ready at ${url}`,
    '',
    `  Home page      ${url}/`,
    `  API reference  ${url}/docs/`,
    `  Data folder    ${folder.path} (log in huitong.log)`,
    demo
      ? '  Demo world     yes: invented people and money; ids, keys and balances are in demo.json'
      : '  Demo world     no: these books are real; --demo would be refused',
    '',
    '  Sign in, each link once and within 15 minutes:',
    ...signInLinks.map((link) => `  ${link.role}\n    ${link.url}`),
    '',
    ...others(institutions),
    '  Ctrl-C stops the server; everything is kept.',
  ]
  return `${lines.join('\n')}\n`
}

/** The institutions beside the first one. */
function others([, ...started]: readonly Started[]): readonly string[] {
  return started.flatMap((one) => {
    if (one.hosted === undefined) return [`  ${one.spec.name}: not running: ${one.fault}`, '']
    const { url, signInLinks } = one.hosted
    const links = signInLinks.map((link) => `  ${link.role} of ${one.spec.name}\n    ${link.url}`)
    return [`  ${one.spec.name}      ${url}/`, ...links, '']
  })
}
