import WebSocket from "ws";
import { z } from "zod";
import { retryDelayMs } from "~/core/retry-delay";
import type { PaymentHash, SettlementFeed } from "~/ports/lightning-wallet";
import { baseUrlOf, type LnbitsConfig, readingKeyOf } from "./lnbits-config";
import type { LnbitsHttp } from "./lnbits-http";
import { isIncoming, Settlement } from "./lnbits-shapes";

const BACK_OFF = { firstMs: 250, maxMs: 30_000 };
const PING_EVERY_MS = 20_000;
const MAX_MESSAGE_BYTES = 256 * 1024;

/**
 * Follows LNbits' websocket, which tells of every payment of the wallet. It takes any name in its URL for a wallet, so
 * the key is tried over HTTP first: a feed that can bring nothing must not call itself healthy.
 */
export function lnbitsSettlements(
  config: LnbitsConfig,
  http: LnbitsHttp,
  hint: (hash: PaymentHash) => void,
): SettlementFeed {
  const key = readingKeyOf(config);
  const url = `${baseUrlOf(config).replace(/^http/, "ws")}/api/v1/ws/${encodeURIComponent(key)}`;
  let socket: WebSocket | undefined;
  let live = false;
  let stopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  async function connect() {
    const known = await http.call("GET", "/wallet", { key, timeoutMs: config.timeoutMs });
    if (stopped) return;
    if (known.kind !== "answer" || known.status !== 200) return again();
    const fresh = new WebSocket(url, { handshakeTimeout: config.timeoutMs, maxPayload: MAX_MESSAGE_BYTES });
    socket = fresh;
    fresh.on("open", () => {
      live = true;
      failures = 0;
      proveLife(fresh);
    });
    fresh.on("message", (data) => hear(data.toString()));
    // "close" follows every error.
    fresh.on("error", () => undefined);
    fresh.on("close", () => {
      if (socket !== fresh) return;
      socket = undefined;
      live = false;
      again();
    });
  }

  function again() {
    clearTimeout(timer);
    if (stopped) return;
    failures += 1;
    timer = setTimeout(begin, retryDelayMs(failures, BACK_OFF, Math.random()));
  }

  function begin() {
    connect().catch(again);
  }

  /** A connection can be dead without a word. What does not answer a ping until the next one is due is cut. */
  function proveLife(alive: WebSocket) {
    let answered = true;
    alive.on("pong", () => {
      answered = true;
    });
    const beat = () => {
      if (!answered) return alive.terminate();
      answered = false;
      alive.ping();
      timer = setTimeout(beat, PING_EVERY_MS);
    };
    beat();
  }

  function hear(text: string) {
    const settlement = SettlementText.safeParse(text);
    if (settlement.success && isIncoming(settlement.data.payment)) hint(settlement.data.payment.payment_hash);
  }

  begin();
  return {
    healthy: () => live,
    async stop() {
      stopped = true;
      live = false;
      clearTimeout(timer);
      const last = socket;
      socket = undefined;
      last?.terminate();
    },
  };
}

const SettlementText = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "no JSON" });
      return z.NEVER;
    }
  })
  .pipe(Settlement);
