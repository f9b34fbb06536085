import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isRunning, killTree, processTree } from './kill-tree.ts'

test('a process dies with its children and grandchildren, also those in sessions of their own', async () => {
  const script = `
    const { spawn } = require('node:child_process')
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' })
  const pid = child.pid ?? 0
  let tree: readonly number[] = []
  for (let attempt = 0; attempt < 200 && tree.length < 2; attempt += 1) {
    await sleep(20)
    tree = await processTree(pid)
  }
  expect(await Promise.all(tree.map(isRunning))).toEqual([true, true])
  await killTree(pid)
  expect(await Promise.all(tree.map(isRunning))).toEqual([false, false])
})
