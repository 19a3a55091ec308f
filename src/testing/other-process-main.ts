import { freeTier } from "./free-tier";
import { makeCalls, type Reply, type Request } from "./other-process";
import { workshop } from "./workshop";

// The other process of a race: does what it is told over IPC, and goes when nobody tells it anything any more.
const shop = await workshop({ databaseUrl: process.argv[2] ?? "" });
const services = { ...shop.services, freeTier: freeTier(shop) };

process.on("message", ({ id, calls }: Request) => {
  void makeCalls(services, shop.work, calls).then((outcomes) => {
    const reply: Reply = { id, outcomes };
    process.send?.(reply);
  });
});
process.on("disconnect", () => void shop.close().finally(() => process.exit(0)));
process.send?.("ready");
