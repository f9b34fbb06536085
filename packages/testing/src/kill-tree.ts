import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process and everything it started, as far as that still runs, the process itself first. */
export async function processTree(pid: number): Promise<readonly number[]> {
  const children = await childrenByParent()
  const tree = [pid]
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index] ?? 0) ?? []))
  return tree
}

/**
 * Sends `signal` to a process and all its descendants and waits until they are gone. The list is made before the first one dies, for orphans
 * no longer say whose they were.
 */
export async function killTree(pid: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const tree = await processTree(pid)
  for (const member of tree) {
    try {
      process.kill(member, signal)
    } catch {
      // Gone already, which is all we wanted.
    }
  }
  for (let waited = 0; waited < 10_000 && (await Promise.all(tree.map(isRunning))).includes(true); waited += 10) {
    await sleep(10)
  }
}

/** A zombie does not run; it only waits for its parent to take notice. */
export async function isRunning(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
    return status !== '' && !/^\d+ \(.*\) Z/.test(status)
  }
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function childrenByParent(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>()
  for (const [pid, parent] of await (process.platform === 'linux' ? parentsFromProc() : parentsFromPs())) {
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  return children
}

async function parentsFromProc(): Promise<readonly (readonly [number, number])[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
      return [Number(pid), Number(/^\d+ \(.*\) \S (\d+)/.exec(status)?.[1] ?? 0)] as const
    }),
  )
  return found.filter(([, parent]) => parent > 0)
}

function parentsFromPs(): Promise<readonly (readonly [number, number])[]> {
  return new Promise((resolve, reject) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid='], (error, output) => {
      if (error !== null) return reject(error)
      const lines = output.trim().split('\n')
      resolve(lines.map((line) => line.trim().split(/\s+/).map(Number)).map(([pid, parent]) => [pid ?? 0, parent ?? 0]))
    })
  })
}
