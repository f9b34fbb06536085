import { businessCalendar, type CalendarData } from './calendar.ts'

/**
 * Working days of mainland China in 2026. Banks and the central bank's payment systems follow it, make-up weekends
 * included. Stock exchanges and funds stay closed on make-up weekends and need a calendar of their own.
 */
const CHINA_2026_DATA = {
  name: 'China 2026',
  source:
    'General Office of the State Council, notice on the holiday arrangement for parts of 2026, 4 November 2025 ' +
    '(国务院办公厅关于2026年部分节假日安排的通知), as released by Xinhua',
  first: '2026-01-01',
  last: '2026-12-31',
  holidays: [
    { name: '元旦 New Year', from: '2026-01-01', to: '2026-01-03' },
    { name: '春节 Spring Festival', from: '2026-02-15', to: '2026-02-23' },
    { name: '清明节 Tomb-Sweeping Day', from: '2026-04-04', to: '2026-04-06' },
    { name: '劳动节 Labour Day', from: '2026-05-01', to: '2026-05-05' },
    { name: '端午节 Dragon Boat Festival', from: '2026-06-19', to: '2026-06-21' },
    { name: '中秋节 Mid-Autumn Festival', from: '2026-09-25', to: '2026-09-27' },
    { name: '国庆节 National Day', from: '2026-10-01', to: '2026-10-07' },
  ],
  workingWeekends: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
} as const satisfies CalendarData

export const CHINA_2026 = businessCalendar(CHINA_2026_DATA)
