/** The way to customers' phones. */
export interface PhoneOutlet {
  /** Sends a one-time code. It must not stand in any log. */
  send(phone: string, code: string): void
}
