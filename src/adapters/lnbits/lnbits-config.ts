export type LnbitsConfig = {
  /** Where LNbits is, with the path that it may live under. */
  url: string;
  /** The wallet's admin key. */
  apiKey: string;
  /** The wallet's invoice/read key, for whatever needs no more: it keeps the admin key out of the websocket's URL. */
  invoiceKey?: string;
  /** Sent along with each invoice. LNbits posts there when it is paid: a hint and no proof. */
  webhookUrl?: string;
  /** Admin key of another wallet on the same server, out of which a developer's payments are made. */
  devPayerKey?: string;
  /** For one call, in milliseconds. A payment gets more: the node may still be looking for a route. */
  timeoutMs: number;
};

/** The server's address without a slash at its end. */
export const baseUrlOf = ({ url }: LnbitsConfig): string => url.replace(/\/+$/, "");
/** The key that may do least: the invoice/read key where there is one. */
export const readingKeyOf = ({ invoiceKey, apiKey }: LnbitsConfig): string => invoiceKey ?? apiKey;
/** LNbits itself waits 5 s for its node by default, then answers `pending`. */
export const payTimeoutOf = ({ timeoutMs }: LnbitsConfig): number => timeoutMs * 3;
