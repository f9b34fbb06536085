import { CNY, type CurrencyCode } from '@huitong/kernel'
import type { InstitutionKind } from './institution-kind.ts'

/**
 * Subjects of the charts of accounts: every account belongs to one, and the subject's class says on which side it grows. Customers'
 * and merchants' money is a liability of the institution: it grows by credits.
 *
 * All kinds of institutions share one table, so that a code means the same everywhere; a kind's chart is the subjects that name it. The
 * first digit of a code is its class: 1 asset, 2 liability, 3 positions (counted as liabilities), 4 equity, 5 income, 6 expense.
 */
export type SubjectClass = 'asset' | 'liability' | 'equity' | 'income' | 'expense'

export interface Subject {
  readonly class: SubjectClass
  readonly name: string
  readonly nameZh: string
  /** The heading under which it is summed up; null of the heading of a class. */
  readonly parent: string | null
  /** Whose money it is. Accounts of others are never touched by raw postings of staff. */
  readonly heldFor: 'institution' | 'customer' | 'merchant' | 'participant'
  /** Whether accounts may be opened on it; false of headings, which only sum up. */
  readonly posting: boolean
  readonly currencies: 'any' | readonly CurrencyCode[]
  readonly kinds: 'all' | readonly InstitutionKind[]
}

type Kinds = Subject['kinds']

const PAYING: Kinds = ['wallet_platform', 'bank']
const INVESTING: Kinds = ['bank', 'fund_manager', 'insurer']
/** What the central bank keeps, it keeps in yuan. */
const YUAN = [CNY]

export const SUBJECTS = {
  '1000': heading('asset', null, 'Assets', '资产'),
  '1010': heading('asset', '1000', 'Cash and deposits', '货币资金'),
  '1001': own('asset', '1010', 'Customer reserve deposited at banks', '客户备付金存款', ['wallet_platform']),
  '1002': own('asset', '1010', 'Own deposits at banks', '自有资金存款', 'all'),
  '1003': { ...own('asset', '1010', 'Deposits at the central bank', '存放中央银行款项', 'all'), currencies: YUAN },
  '1004': own('asset', '1010', 'Cash in hand', '库存现金', ['bank']),
  '1005': own('asset', '1010', 'Settlement account at the clearing house', '存放清算机构款项', 'all'),
  '1100': heading('asset', '1000', 'Receivables', '应收款项'),
  '1101': own('asset', '1100', 'Fees receivable', '应收手续费', 'all'),
  '1102': own('asset', '1100', 'Receivables from channels', '应收渠道款项', PAYING),
  '1103': own('asset', '1100', 'Interest receivable', '应收利息', 'all'),
  '1104': own('asset', '1100', 'Premiums receivable', '应收保费', ['insurer']),
  '1105': own('asset', '1100', 'Subscriptions receivable', '应收申购款', ['fund_manager']),
  '1106': own('asset', '1100', 'Advances for customers and merchants', '垫付款项', ['wallet_platform']),
  '1200': heading('asset', '1000', 'Loans and advances', '发放贷款和垫款', ['bank']),
  '1201': own('asset', '1200', 'Personal loans', '个人贷款', ['bank']),
  '1202': own('asset', '1200', 'Business loans', '企业贷款', ['bank']),
  '1203': own('asset', '1200', 'Card and pay-later receivables', '信用卡及分期垫款', ['bank']),
  '1209': own('asset', '1200', 'Allowance for loan losses', '贷款损失准备', ['bank']),
  '1300': heading('asset', '1000', 'Investments', '金融投资', INVESTING),
  '1301': own('asset', '1300', 'Money market instruments', '货币市场工具', INVESTING),
  '1302': own('asset', '1300', 'Bonds', '债券投资', INVESTING),
  '1303': own('asset', '1300', 'Bought for resale', '买入返售金融资产', INVESTING),
  '1400': heading('asset', '1000', 'Reinsurance', '分保资产', ['insurer']),
  '1401': own('asset', '1400', "Reinsurers' share of reserves", '应收分保准备金', ['insurer']),

  '2000': heading('liability', null, 'Liabilities', '负债'),
  '2010': heading('liability', '2000', "Customers' money", '客户资金', ['wallet_platform']),
  '2001': held('customer', '2010', 'Customer wallets', '个人支付账户余额', ['wallet_platform']),
  '2002': held('merchant', '2010', 'Merchant settlement accounts', '商户待结算款', ['wallet_platform']),
  // Owed to the buyer or to the merchant, and nobody knows yet to which of them.
  '2004': held('customer', '2010', 'Trade money in escrow', '担保交易待确认款', ['wallet_platform']),
  '2005': held('merchant', '2010', 'Payments awaiting settlement', '商户待结算交易款', ['wallet_platform']),
  '2006': held('merchant', '2010', "Merchants' coupon budgets", '商户营销预算', ['wallet_platform']),
  '2007': held('customer', '2010', 'Red packets under way', '红包待领取款', ['wallet_platform']),
  '2008': held('customer', '2010', 'Money out of red packets', '红包余额', ['wallet_platform']),
  '2020': heading('liability', '2000', 'Clearing', '清算资金'),
  '2003': own('liability', '2020', 'Money in transit', '在途资金', 'all'),
  '2100': heading('liability', '2000', 'Deposits', '吸收存款', ['bank']),
  '2101': held('customer', '2100', 'Demand deposits', '活期存款', ['bank']),
  '2102': held('customer', '2100', 'Term deposits', '定期存款', ['bank']),
  '2103': held('merchant', '2100', 'Business deposits', '单位存款', ['bank']),
  '2104': {
    ...held('participant', '2100', 'Reserves of payment institutions', '支付机构备付金存款', ['bank']),
    currencies: YUAN,
  },
  '2105': held('participant', '2100', 'Deposits of other banks', '同业存放', ['bank']),
  '2200': heading('liability', '2000', 'Payables', '应付款项'),
  '2201': own('liability', '2200', 'Taxes payable', '应交税费', 'all'),
  '2202': own('liability', '2200', 'Salaries payable', '应付职工薪酬', 'all'),
  '2203': own('liability', '2200', 'Interest payable', '应付利息', 'all'),
  '2204': held('customer', '2200', 'Redemptions payable', '应付赎回款', ['fund_manager']),
  '2205': held('customer', '2200', 'Claims payable', '应付赔付款', ['insurer']),
  '2206': held('customer', '2200', 'Premiums received in advance', '预收保费', ['insurer']),
  '2207': own('liability', '2200', 'Coupons and red packets promised', '应付营销权益', PAYING),
  '2300': heading('liability', '2000', 'Fund shares', '基金份额', ['fund_manager']),
  '2301': held('customer', '2300', 'Shares outstanding', '实收基金', ['fund_manager']),
  '2302': own('liability', '2300', 'Income to be distributed', '应付收益', ['fund_manager']),
  '2400': heading('liability', '2000', 'Insurance reserves', '保险合同准备金', ['insurer']),
  '2401': own('liability', '2400', 'Unearned premiums', '未到期责任准备金', ['insurer']),
  '2402': own('liability', '2400', 'Outstanding claims', '未决赔款准备金', ['insurer']),
  '2500': heading('liability', '2000', "Participants' accounts", '参与者账户', ['clearing_house']),
  '2501': held('participant', '2500', 'Settlement accounts', '清算账户', ['clearing_house']),
  '2502': {
    ...held('participant', '2500', 'Reserves of payment institutions', '支付机构备付金账户', ['clearing_house']),
    currencies: YUAN,
  },
  '2503': held('participant', '2500', 'Guarantee fund', '清算保证金', ['clearing_house']),
  '2600': heading('liability', '2000', 'Held for others', '暂存款项', ['regulator']),
  '2601': held('participant', '2600', 'Penalties and deposits held', '暂存罚没款及保证金', ['regulator']),

  // Of both kinds in truth, as the code says: long in some currencies and short in others. Credits make it longer.
  '3000': heading('liability', null, 'Positions', '共同类'),
  '3002': own('liability', '3000', 'Foreign exchange positions', '外汇买卖', 'all'),

  '4000': heading('equity', null, 'Equity', '所有者权益'),
  '4001': own('equity', '4000', 'Paid-in capital', '实收资本', 'all'),
  '4002': own('equity', '4000', 'Retained earnings', '未分配利润', 'all'),
  '4003': own('equity', '4000', 'Surplus reserve', '盈余公积', 'all'),
  '4004': own('equity', '4000', 'General risk reserve', '一般风险准备', 'all'),

  '5000': heading('income', null, 'Income', '收入'),
  '5001': own('income', '5000', 'Payment fees', '支付手续费收入', PAYING),
  '5002': own('income', '5000', 'Interest income', '利息收入', 'all'),
  '5004': own('income', '5000', 'Management fees', '管理费收入', ['fund_manager']),
  '5005': own('income', '5000', 'Premiums earned', '保费收入', ['insurer']),
  '5006': own('income', '5000', 'Clearing fees', '清算手续费收入', ['clearing_house']),
  '5007': own('income', '5000', 'Other income', '其他收入', 'all'),
  '5008': own('income', '5000', 'Budget grants', '财政拨款收入', ['regulator']),
  '5101': own('income', '5000', 'Foreign exchange spread', '结售汇价差收入', 'all'),
  '5102': own('income', '5000', 'Foreign exchange gains', '汇兑收益', 'all'),

  '6000': heading('expense', null, 'Expenses', '费用'),
  '6001': own('expense', '6000', 'Operating expenses', '业务及管理费', 'all'),
  '6002': own('expense', '6000', 'Interest expense', '利息支出', 'all'),
  '6004': own('expense', '6000', 'Channel costs', '渠道成本', PAYING),
  '6005': own('expense', '6000', 'Credit losses', '信用减值损失', PAYING),
  '6006': own('expense', '6000', 'Claims', '赔付支出', ['insurer']),
  '6007': own('expense', '6000', 'Marketing', '营销费用', 'all'),
  '6008': own('expense', '6000', 'Change of insurance reserves', '提取保险责任准备金', ['insurer']),
  '6009': own('expense', '6000', 'Income tax', '所得税费用', 'all'),
  '6101': own('expense', '6000', 'Foreign exchange losses', '汇兑损失', 'all'),
} satisfies Readonly<Record<string, Subject>>

export type SubjectCode = keyof typeof SUBJECTS

export function isSubjectCode(text: string): text is SubjectCode {
  return Object.hasOwn(SUBJECTS, text)
}

export function subjectCode(text: string): SubjectCode | undefined {
  return isSubjectCode(text) ? text : undefined
}

// Asked several times for every transfer: a set of texts answers faster than a property of an object whose names look like numbers.
const CREDIT_NORMAL = new Set<string>()
const OWN = new Set<string>()
for (const [code, subject] of Object.entries<Subject>(SUBJECTS)) {
  if (subject.class !== 'asset' && subject.class !== 'expense') CREDIT_NORMAL.add(code)
  if (subject.heldFor === 'institution') OWN.add(code)
}

/** True when credits raise the balance. */
export function isCreditNormal(subject: SubjectCode): boolean {
  return CREDIT_NORMAL.has(subject)
}

/** Whether staff may move the account's money by raw postings. */
export function isOwn(subject: SubjectCode): boolean {
  return OWN.has(subject)
}

function heading(of: SubjectClass, parent: string | null, name: string, nameZh: string, kinds: Kinds = 'all'): Subject {
  return { class: of, name, nameZh, parent, heldFor: 'institution', posting: false, currencies: 'any', kinds }
}

function own(of: SubjectClass, parent: string, name: string, nameZh: string, kinds: Kinds): Subject {
  return { class: of, name, nameZh, parent, heldFor: 'institution', posting: true, currencies: 'any', kinds }
}

/** Money of others is always owed to them. */
function held(
  heldFor: 'customer' | 'merchant' | 'participant',
  parent: string,
  name: string,
  nameZh: string,
  kinds: Kinds,
): Subject {
  return { class: 'liability', name, nameZh, parent, heldFor, posting: true, currencies: 'any', kinds }
}
