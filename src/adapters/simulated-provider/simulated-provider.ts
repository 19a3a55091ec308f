import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isOrderId, randomHex } from "~/core/ids";
import { err, ok } from "~/core/result";
import type { NodeOrder, NodePart, NodeProvider } from "~/ports/node-provider";

const PAUSE_MS = 2_000;
/** Of the pause: what takes real machines longest takes longest here. */
const SHARES: Record<NodePart | "health", number> = {
  sshKey: 0.1,
  authKey: 0.1,
  volume: 0.1,
  server: 0.5,
  health: 0.2,
};
const LNBITS_PORT = 5000;

/**
 * Machines that do not exist, at addresses that nobody has: TEST-NET-1, 192.0.2.0/24, for documentation (RFC 5737).
 * All that it says follows from the order's id, so it keeps nothing and is the same in every process and after every
 * restart. `pauseMs`: what a whole node takes. `fails`: none comes up, so that the refund can be rehearsed.
 */
export function simulatedProvider({ pauseMs = PAUSE_MS, fails = false } = {}): NodeProvider {
  const pause = (step: keyof typeof SHARES) => sleep(pauseMs * SHARES[step]);

  return {
    kind: "simulated",
    parts: ["sshKey", "authKey", "volume", "server"],
    async make(part, { orderId }) {
      await pause(part);
      return ok({
        id: `${prefixOf(part)}${orderId}`,
        secret: part === "authKey" ? `simulated-${randomHex(16)}` : null,
      });
    },
    async findAddress(serverId) {
      const orderId = serverId.slice(prefixOf("server").length);
      if (serverId.startsWith(prefixOf("server")) && isOrderId(orderId)) return ok({ ip: addressOf(orderId) });
      return err({ code: "providerNotFound", detail: "no such simulated server" });
    },
    async checkHealth(order) {
      await pause("health");
      if (fails) return ok({ state: "failed", detail: "simulated nodes are set to fail" });
      const host = hostOf(order);
      return ok({ state: "healthy", tailscaleHostname: host, lnbitsUrl: `http://${host}:${LNBITS_PORT}` });
    },
    async remove() {
      return ok(null);
    },
  };
}

const prefixOf = (part: NodePart) => `simulated-${part}-`;
/** A name that nobody can register (RFC 2606). */
const hostOf = ({ orderId }: NodeOrder) => `timmy-node-${orderId}.tailnet.example`;
/** 1 to 254: neither the network nor its broadcast. */
const addressOf = (orderId: string) =>
  `192.0.2.${1 + (createHash("sha256").update(orderId).digest().readUInt32BE() % 254)}`;
