import type { Area, Workspace } from './repository.ts'

/**
 * The arrows of the house, as one table:
 *
 *     apps → flows → modules (level n) → modules (level < n) → packages
 *
 * A module never imports a sibling of its own level. What two siblings must do together is a port that the lower one
 * owns, an event in the outbox, or a flow. Exceptions would be spelled here; there are none.
 */
const areaOrder: Readonly<Record<Area, readonly Area[]>> = {
  packages: ['packages'],
  modules: ['packages', 'modules'],
  flows: ['packages', 'modules'],
  apps: ['packages', 'modules', 'flows', 'apps'],
  // Measuring, simulating and checking look at everything; nothing of the product looks at them.
  sim: ['packages', 'modules', 'flows', 'apps', 'sim'],
  bench: ['packages', 'modules', 'flows', 'apps', 'sim', 'bench'],
  tools: ['packages', 'modules', 'flows', 'apps', 'sim', 'bench', 'tools'],
}

/** The level of each module. A module that is not here may not exist: adding one takes an ADR. */
const moduleLevels: Readonly<Record<string, number>> = {
  ...levelOf(1, ['ledger', 'identity', 'party']),
  ...levelOf(2, ['pricing', 'risk', 'consent']),
  ...levelOf(3, ['payments', 'merchants', 'agreements', 'clearing', 'bank', 'reserve']),
  ...levelOf(4, [
    'channels',
    'escrow',
    'marketing',
    'family',
    'wealth',
    'credit',
    'insurance',
    'openbank',
    'trade',
    'ecash',
  ]),
  ...levelOf(5, ['casework', 'reconciliation', 'supervision', 'engage']),
}

function levelOf(level: number, names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, level]))
}

/** What each foundation may stand on. */
const packageOrder: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  pg: ['kernel'],
  committer: ['pg', 'kernel'],
  contract: ['kernel'],
  http: ['contract', 'kernel'],
  jobs: ['pg', 'kernel'],
  formats: ['kernel'],
  iso20022: ['formats', 'kernel'],
  links: ['committer', 'contract', 'formats', 'http', 'iso20022', 'jobs', 'pg', 'kernel'],
  ui: ['contract', 'kernel'],
  testing: ['kernel', 'pg', 'committer', 'contract', 'http', 'jobs', 'formats', 'iso20022'],
  // Shares nothing with what it judges.
  oracle: [],
}

/** What each program may take from another: the command line composes an institution just as the server does. */
const appOrder: Readonly<Record<string, readonly string[]>> = {
  server: [],
  cli: ['server'],
  console: [],
  wallet: [],
}

/** Says why `from` may not import `to`, or undefined when it may. */
export function arrowBroken(from: Workspace, to: Workspace): string | undefined {
  if (!areaOrder[from.area].includes(to.area)) return `${from.area} may not import ${to.area}`
  if ((to.shortName === 'testing' || to.shortName === 'oracle') && !fromWatchers(from))
    return 'only tests may import the test world'
  if (from.area !== to.area) return undefined
  if (from.area === 'modules') return moduleArrowBroken(from.shortName, to.shortName)
  if (from.area === 'packages') return orderBroken(packageOrder, from.shortName, to.shortName)
  if (from.area === 'apps') return orderBroken(appOrder, from.shortName, to.shortName)
  return undefined
}

/** What only tests, and those that look at the product from outside, may import. */
export function isTestWorld({ area, shortName }: Workspace): boolean {
  return area === 'packages' && (shortName === 'testing' || shortName === 'oracle')
}

/** Those that look at the product from outside, tests aside. */
function fromWatchers(from: Workspace): boolean {
  return from.area === 'sim' || from.area === 'bench' || from.area === 'tools'
}

/** Says that a folder has no place in the table, or undefined when it has one. */
export function placeMissing(workspace: Workspace): string | undefined {
  const tables = { modules: moduleLevels, packages: packageOrder, apps: appOrder }
  const { area, shortName } = workspace
  if (area !== 'modules' && area !== 'packages' && area !== 'apps') return undefined
  return Object.hasOwn(tables[area], shortName) ? undefined : `${workspace.folder} has no place in the table of layers`
}

function moduleArrowBroken(from: string, to: string): string | undefined {
  const fromLevel = moduleLevels[from]
  const toLevel = moduleLevels[to]
  if (fromLevel === undefined || toLevel === undefined) return undefined
  if (toLevel < fromLevel) return undefined
  const relation = toLevel === fromLevel ? 'a sibling of its level' : 'above it'
  return `module ${from} (level ${fromLevel}) may not import ${to} (level ${toLevel}), ${relation}`
}

function orderBroken(order: Readonly<Record<string, readonly string[]>>, from: string, to: string): string | undefined {
  const allowed = order[from]
  if (allowed === undefined || allowed.includes(to)) return undefined
  return `${from} may import ${allowed.length === 0 ? 'none of its neighbours' : `only ${allowed.join(', ')}`}, not ${to}`
}
