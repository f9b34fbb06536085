import { CNY, currency } from '@huitong/kernel'
import type { SubjectCode } from '@huitong/ledger'
import { describe, expect, it } from 'vitest'
import { positionOf } from './position.ts'

/** Debits and credits of a subject, of which the first were before the period. */
function moved(subject: SubjectCode, opening: readonly [bigint, bigint], period: readonly [bigint, bigint], of = CNY) {
  return {
    ...{ subject, currency: of, openingDebitsMinor: opening[0], openingCreditsMinor: opening[1] },
    ...{ debitsMinor: period[0], creditsMinor: period[1] },
  }
}

describe('the position of a reserve', () => {
  it('is nothing where nothing moved', () => {
    expect(positionOf([])).toEqual({ customersMinor: 0n, reserveMinor: 0n, inTransitMinor: 0n, surplusMinor: 0n })
  })

  it('adds up everybody’s money, what is in the reserve, and what is on its way', () => {
    const usd = currency('USD')?.code ?? CNY
    const position = positionOf([
      moved('1001', [900n, 100n], [50n, 20n]),
      moved('1102', [30n, 0n], [0n, 10n]),
      moved('2003', [5n, 0n], [0n, 25n]),
      moved('2001', [100n, 700n], [20n, 40n]),
      moved('2002', [0n, 100n], [0n, 50n]),
      moved('2004', [0n, 10n], [0n, 0n]),
      moved('5001', [0n, 33n], [0n, 3n]),
      moved('2001', [0n, 9_999n], [0n, 0n], usd),
    ])
    expect(position).toEqual({ customersMinor: 780n, reserveMinor: 830n, inTransitMinor: 0n, surplusMinor: 50n })
  })

  it('is short by what is missing', () => {
    expect(positionOf([moved('1001', [100n, 0n], [0n, 0n]), moved('2001', [0n, 101n], [0n, 0n])]).surplusMinor).toBe(
      -1n,
    )
  })
})
