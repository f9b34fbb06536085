import { parentPort, workerData } from 'node:worker_threads'
import type { AccountStatement } from './account-statement.ts'
import { drawStatement } from './statement-drawing.ts'

const statement: AccountStatement = workerData
parentPort?.postMessage(await drawStatement(statement))
