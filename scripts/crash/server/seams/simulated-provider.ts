import { simulatedProvider as provider } from "~/adapters/simulated-provider/simulated-provider";
import { err, ok } from "~/core/result";
import type { NodeProvider } from "~/ports/node-provider";
import { troubleStore } from "../../outside/trouble-store";
import { outside } from "../commits";
import { reach } from "../reach";

/**
 * The simulated provider with a memory: it looks whether a part is there, and then makes it, so two at a time make two.
 * Each call of it is a point.
 */
export function simulatedProvider(options: Parameters<typeof provider>[0]): NodeProvider {
  const inner = provider(options);
  const world = outside(() => troubleStore(process.env.DATABASE_URL ?? ""));

  async function call<T>(point: string, act: () => Promise<T>): Promise<T> {
    reach(point, "before");
    const answer = await outside(act);
    reach(point, "after");
    return answer;
  }

  return {
    kind: inner.kind,
    parts: inner.parts,
    make: (part, order, given) =>
      call(`node.make ${part}`, async () => {
        const isThere = await world.stands(order.orderId, part);
        const made = await inner.make(part, order, given);
        if (!isThere) await world.build(order.orderId, part);
        return made;
      }),
    findAddress: (serverId) => call("node.findAddress", () => inner.findAddress(serverId)),
    checkHealth: (order, server) =>
      call("node.checkHealth", async () => {
        const subject = `node ${order.orderId} health`;
        switch (await world.look(subject)) {
          case "starting":
            await world.take(subject);
            return ok({ state: "starting", stage: "Downloading" });
          case "broken": // whoever asks, and however often: who first heard of it may have died
            return ok({ state: "failed", detail: "no disk" });
          case undefined:
            return inner.checkHealth(order, server);
          default:
            return err({ code: "providerRefused", detail: "a trouble that machines do not have" });
        }
      }),
    remove: (part, order) =>
      call(`node.remove ${part}`, async () => {
        await world.tearDown(order.orderId, part);
        return ok(null);
      }),
  };
}
