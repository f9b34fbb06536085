/** Where a PostgreSQL server listens and who we are there. `host` that starts with `/` is the folder of a Unix socket. */
export interface ConnectionOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl?: 'require' | 'prefer' | 'verify-full'
}
