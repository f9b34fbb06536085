import type { RunningServer } from './start.ts'

/** What the person at the terminal needs: the address first, on a line of its own that programs may wait for. */
export function readyLines({ url, folder, demo, signInLinks }: RunningServer): string {
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
    '  Ctrl-C stops the server; everything is kept.',
  ]
  return `${lines.join('\n')}\n`
}
