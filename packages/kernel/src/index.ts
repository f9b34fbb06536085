export { InvariantError, invariant, unreachable } from './assert.ts'
export { atMost } from './at-most.ts'
export type { Brand } from './brand.ts'
export {
  addBusinessDays,
  type BusinessCalendar,
  businessCalendar,
  type CalendarData,
  coversDay,
  isBusinessDay,
  nextBusinessDay,
  OutsideCalendarError,
} from './calendar.ts'
export { CHINA_2026 } from './calendar-cn-2026.ts'
export { canonicalJson } from './canonical-json.ts'
export { type Chance, seededChance, systemChance } from './chance.ts'
export {
  type Clock,
  type ManualClock,
  MICROS_PER_SECOND,
  type Micros,
  manualClock,
  microsFromSeconds,
  shiftedClock,
  systemClock,
} from './clock.ts'
export { CNY, CURRENCIES, type Currency, type CurrencyCode, currency, currencyCode, scaleOf } from './currency.ts'
export { counterOf, makeId, parsePublicId, publicId, SLOTS, slotOf } from './ids.ts'
export { isoToMicros, microsToIso } from './iso-time.ts'
export {
  isJsonObject,
  JSON_DEPTH_MAX,
  type JsonFault,
  type JsonFaultCode,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  parseJsonStrict,
} from './json.ts'
export { addDays, beijingDay, type LocalDate, localDate, startOfBeijingDay, weekday } from './local-date.ts'
export {
  AMOUNT_FAULTS,
  type AmountFault,
  type AmountLimits,
  allocate,
  formatAmount,
  MAX_MINOR,
  type Money,
  parseAmount,
} from './money.ts'
export { err, ok, type Result } from './result.ts'
export { deriveKey, KEY_BYTES, type MasterSecret, seal, unseal } from './sealing.ts'
export { isStorable, storableText, type TextFault, type TextRule } from './text.ts'
