/** The people and shops of the demo world. All of them are invented; phone and document numbers are of a form that nobody has. */
export interface DemoCustomer {
  readonly name: string
  readonly phone: string
  readonly documentNumber: string
  /** What is in the wallet when the demo begins. */
  readonly topUp: string
}

export const DEMO_CUSTOMERS: readonly DemoCustomer[] = [
  { name: '林晓雨', phone: '+8610000000001', documentNumber: '990000199001010017', topUp: '5000.00' },
  { name: '陈思远', phone: '+8610000000002', documentNumber: '990000199001010025', topUp: '12800.50' },
  { name: '苏婉清', phone: '+8610000000003', documentNumber: '990000199001010033', topUp: '860.00' },
  { name: '周子墨', phone: '+8610000000004', documentNumber: '990000199001010041', topUp: '23000.00' },
  { name: '何嘉木', phone: '+8610000000005', documentNumber: '99000019900101005X', topUp: '99.90' },
  { name: '沈知秋', phone: '+8610000000006', documentNumber: '990000199001010068', topUp: '1500.00' },
  { name: '陆一鸣', phone: '+8610000000007', documentNumber: '990000199001010076', topUp: '45600.60' },
  { name: '顾南星', phone: '+8610000000008', documentNumber: '990000199001010084', topUp: '320.00' },
]

export interface DemoMerchant {
  readonly name: string
  readonly feeRateMillionths: number
}

export const DEMO_MERCHANTS: readonly DemoMerchant[] = [
  { name: '云河书店', feeRateMillionths: 6000 },
  { name: '湖畔茶馆', feeRateMillionths: 3800 },
  { name: '竹里便利', feeRateMillionths: 0 },
]

/** The test application belongs to the first merchant. */
export const DEMO_APPLICATION = '云河书店收银台'

/** Where the first merchant's printed code hangs. */
export const DEMO_COUNTER = '一号收银台'

/** What the first customer has at each bank of the demo world, and what may leave at once and on a day. */
export const DEMO_BANK_DEPOSIT = '20000.00'
export const DEMO_BANK_LIMITS = { single: '20000.00', day: '50000.00' } as const

/** What platforms of the demo world ask of holders of bank cards at most, at once and on a day. */
export const DEMO_CARD_LIMITS = { single: '5000.00', day: '20000.00' } as const
