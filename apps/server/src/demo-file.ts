import { publicId } from '@huitong/kernel'
import { createPaymentQueries } from '@huitong/payments'
import { type DataFolder, writePrivateFile } from './data-folder.ts'
import type { DemoWorld } from './demo-world.ts'
import type { PlatformInstitution } from './institution.ts'

/** Writes what a merchant's program needs to try the demo world. Balances are those of this moment. */
export async function writeDemoFile(
  folder: DataFolder,
  institution: PlatformInstitution,
  world: DemoWorld,
  baseUrl: string,
): Promise<void> {
  const queries = createPaymentQueries(institution.db)
  const customers = []
  for (const { id, name, userNumber } of world.customers) {
    const wallet = await queries.wallet(id)
    customers.push({ id: publicId('cust', id), name, balance: wallet?.available ?? '0.00', userNumber })
  }
  const staticCode = { reference: world.staticCode, url: `${baseUrl}/c/${world.staticCode}` }
  const content = {
    baseUrl,
    gateway: {
      url: `${baseUrl}/gateway.do`,
      v3Endpoint: baseUrl,
      appId: world.appId,
      appPrivateKeyFile: world.appKeys.pkcs1File,
      appPrivateKeyPkcs8File: world.appKeys.privateKeyFile,
      platformPublicKeyFile: institution.keys.platformPublicKeyFile,
    },
    customers,
    merchants: world.merchants.map(({ id, name, sellerNumber }, index) => ({
      id: publicId('mrch', id),
      name,
      sellerNumber,
      ...(index === 0 ? { apiKeyFile: world.apiKeyFile, staticCode } : {}),
    })),
  }
  await writePrivateFile(folder.demoFile, `${JSON.stringify(content, null, 2)}\n`)
}
