export { availableOf, type OracleAccount, type Told } from './oracle-account.ts'
export { OracleBooks } from './oracle-books.ts'
export type { OracleExchange, OracleLine } from './oracle-entries.ts'
export { type AuditedPart, TradeAuditor } from './trade-auditor.ts'
