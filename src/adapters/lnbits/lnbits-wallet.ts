import { msat } from "~/core/money";
import { ok } from "~/core/result";
import type { DecodeInvoice } from "~/ports/bolt11";
import type { DevPayer, LightningWallet } from "~/ports/lightning-wallet";
import type { LookBehindWallet } from "~/ports/wallet-backend";
import { lnbitsBackend } from "./lnbits-backend";
import { baseUrlOf, type LnbitsConfig, readingKeyOf } from "./lnbits-config";
import { lnbitsDevPayer } from "./lnbits-dev-payer";
import { lnbitsHttp } from "./lnbits-http";
import { lnbitsInvoices } from "./lnbits-invoices";
import { lnbitsPayments } from "./lnbits-payments";
import { lnbitsSettlements } from "./lnbits-settlements";
import { WalletState } from "./lnbits-shapes";
import { readAnswer } from "./query-failure";

export type LnbitsParts = { config: LnbitsConfig; decodeInvoice: DecodeInvoice };

/** A wallet on a real LNbits server (1.x; measured with 1.6.2). It counts no calls: whoever asks keeps the budget. */
export function lnbitsWallet({
  config,
  decodeInvoice,
}: LnbitsParts): LightningWallet & { devPayer: DevPayer; lookBehind: LookBehindWallet } {
  const http = lnbitsHttp(baseUrlOf(config));
  return {
    kind: "lnbits",
    ...lnbitsInvoices(config, http, decodeInvoice),
    ...lnbitsPayments(config, http, decodeInvoice),
    async balance() {
      const reply = await http.call("GET", "/wallet", { key: readingKeyOf(config), timeoutMs: config.timeoutMs });
      const wallet = readAnswer(reply, WalletState);
      // An operator can force LNbits' balance below zero; there is nothing to spend then.
      return wallet.ok ? ok(msat(Math.max(0, wallet.value.balance))) : wallet;
    },
    followSettlements: (hint) => lnbitsSettlements(config, http, hint),
    lookBehind: lnbitsBackend(config, http),
    devPayer: lnbitsDevPayer(config, http, decodeInvoice),
  };
}
