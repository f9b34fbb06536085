import { parentPort } from 'node:worker_threads'
import { DESK } from './link-desk.ts'
import type { DeskReply, DeskTask } from './link-thread.ts'

parentPort?.on('message', (task: DeskTask) => {
  work(task).then(
    (value) => parentPort?.postMessage({ id: task.id, value } satisfies DeskReply),
    (error: unknown) => parentPort?.postMessage({ id: task.id, fault: String(error) } satisfies DeskReply),
  )
})

function work(task: DeskTask): Promise<unknown> {
  switch (task.name) {
    case 'write':
      return DESK.write(task.order)
    case 'read':
      return DESK.read(task.order)
    case 'answer':
      return DESK.answer(task.order)
    case 'check':
      return DESK.check(task.order)
  }
}
