import { fileURLToPath } from 'node:url'
import { formatAmount, microsToIso, publicId } from '@huitong/kernel'
import PDFDocument from 'pdfkit'
import type { AccountStatement } from './account-statement.ts'
import { ACCOUNT_ID, TRANSFER_ID } from './ledger-views.ts'
import { SUBJECTS } from './subjects.ts'

/** Noto Sans for simplified Chinese (OFL). Only the glyphs that occur go into the document. */
const FONT = fileURLToPath(new URL('../fonts/NotoSansHans-Regular.otf', import.meta.resolve('@embedpdf/fonts-sc')))

const MARGIN = 40
const WIDTH = 595.28 - 2 * MARGIN
const HEADER_BOTTOM = 150
const ROW_HEIGHT = 15
const ROWS_PER_PAGE = 42

const COLUMNS = [
  { title: '序号 No.', width: 42, right: true },
  { title: '会计日 Day', width: 62 },
  { title: '凭证 Transfer', width: 98 },
  { title: '摘要 Code', width: 83 },
  { title: '借方 Debit', width: 72, right: true },
  { title: '贷方 Credit', width: 72, right: true },
  { title: '余额 Balance', width: 86, right: true },
] as const

type Document = InstanceType<typeof PDFDocument>

/** A4, as many pages as it takes, each with what is needed to know it by itself. */
export async function drawStatement(statement: AccountStatement): Promise<Uint8Array> {
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    autoFirstPage: false,
    info: {
      Title: `${publicId(ACCOUNT_ID, statement.account.id)} ${statement.number}`,
      Author: statement.institution,
      // When it was true, not when somebody asked.
      CreationDate: new Date(Math.floor(statement.at / 1000)),
    },
  })
  const chunks: Uint8Array[] = []
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const ended = new Promise((resolve) => document.once('end', resolve))
  document.registerFont('text', FONT)
  const rows = rowsOf(statement)
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_PER_PAGE))
  for (let page = 0; page < pages; page += 1) {
    document.addPage()
    document.font('text')
    drawHeader(document, statement, page + 1, pages)
    rows.slice(page * ROWS_PER_PAGE, (page + 1) * ROWS_PER_PAGE).forEach((row, index) => {
      drawRow(document, row, HEADER_BOTTOM + 22 + index * ROW_HEIGHT)
    })
  }
  document.end()
  await ended
  return Uint8Array.from(Buffer.concat(chunks))
}

/** The cells of every line; the first and the last are the balances. */
function rowsOf(statement: AccountStatement): readonly (readonly string[])[] {
  const money = (minor: bigint) => formatAmount(minor, statement.account.currency)
  const { debits, credits, final } = statement
  return [
    ['', statement.from, '期初余额 Opening', '', '', '', money(statement.openingMinor)],
    ...statement.entries.map(({ sequence, side, balanceMinor, transfer }) => [
      ...[String(sequence), transfer.accountingDay, publicId(TRANSFER_ID, transfer.id), transfer.code],
      side === 'debit' ? money(transfer.amountMinor) : '',
      side === 'credit' ? money(transfer.amountMinor) : '',
      money(balanceMinor),
    ]),
    [
      ...[
        '',
        statement.to,
        final ? '期末余额 Closing' : '当前余额 Interim',
        `${debits.count} 借 dr  ${credits.count} 贷 cr`,
      ],
      ...[money(debits.sumMinor), money(credits.sumMinor), money(statement.closingMinor)],
    ],
  ]
}

function drawHeader(document: Document, statement: AccountStatement, page: number, pages: number): void {
  const { account, institution, from, to, number, final, at } = statement
  document.fontSize(15).text('账户对账单  Statement of account', MARGIN, MARGIN, { lineBreak: false })
  document.fontSize(8)
  document.text(`第 ${page} 页，共 ${pages} 页  Page ${page} of ${pages}`, MARGIN, MARGIN + 5, {
    width: WIDTH,
    align: 'right',
    lineBreak: false,
  })
  const facts = [
    ['机构 Institution', institution],
    ['账户 Account', `${publicId(ACCOUNT_ID, account.id)}  ${account.subject} ${SUBJECTS[account.subject].name}`],
    ['期间 Period', `${from} – ${to}  ${account.currency}  （会计日 accounting days）`],
    ['编号 Number', number],
    ['截至 As of', at === 0 ? '–' : `${microsToIso(at)}${final ? '' : '  未结账，仅供参考 not closed yet'}`],
  ] as const
  facts.forEach(([label, value], index) => {
    const y = MARGIN + 28 + index * 13
    document.fillColor('#555555').text(label, MARGIN, y, { lineBreak: false })
    document.fillColor('#000000').text(value, MARGIN + 90, y, { lineBreak: false })
  })
  drawRow(
    document,
    COLUMNS.map((column) => column.title),
    HEADER_BOTTOM,
  )
  document
    .moveTo(MARGIN, HEADER_BOTTOM + 15)
    .lineTo(MARGIN + WIDTH, HEADER_BOTTOM + 15)
    .lineWidth(0.5)
    .stroke()
}

function drawRow(document: Document, cells: readonly string[], y: number): void {
  let x = MARGIN
  COLUMNS.forEach((column, index) => {
    const isRight = 'right' in column
    document.text(cells[index] ?? '', x, y, {
      width: column.width - (isRight ? 6 : 0),
      align: isRight ? 'right' : 'left',
      lineBreak: false,
    })
    x += column.width
  })
}
