import { z } from "zod";
import type { LookBehindWallet } from "~/ports/wallet-backend";
import type { LnbitsConfig } from "./lnbits-config";
import type { LnbitsHttp } from "./lnbits-http";
import { readAnswer } from "./query-failure";

/** LNbits names the wallet's id to the admin key alone. */
const KnownWallet = z.object({ balance: z.number(), id: z.string().optional() });
const PublicNode = z.object({
  blockheight: z.int().min(0),
  num_peers: z.int().min(0),
  channel_stats: z.object({ counts: z.record(z.string(), z.int().min(0)) }),
});

/**
 * What LNbits lets be seen without its superuser: the kind of our key, and the node's public figures where its operator
 * shows them (LNBITS_NODE_UI and LNBITS_PUBLIC_NODE_UI). Whether the node is synced is not among those.
 */
export function lnbitsBackend(config: LnbitsConfig, http: LnbitsHttp): LookBehindWallet {
  const ask = { key: config.apiKey, timeoutMs: config.timeoutMs };
  return async () => {
    const [wallet, info] = await Promise.all([
      http.call("GET", "/wallet", ask),
      http.call("GET", "/info", { ...ask, key: "", prefix: "/node/public/api/v1" }),
    ]);
    const known = readAnswer(wallet, KnownWallet);
    const node = readAnswer(info, PublicNode);
    return {
      mayPay: known.ok ? known.value.id !== undefined : null,
      node: node.ok
        ? {
            synced: null,
            blockHeight: node.value.blockheight,
            activeChannels: node.value.channel_stats.counts.active ?? 0,
            peers: node.value.num_peers,
          }
        : null,
    };
  };
}
