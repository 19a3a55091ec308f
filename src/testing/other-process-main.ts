import { freeTier } from "./free-tier";
import { makeCalls, NO_ANSWER, type Reply, type Request } from "./other-process";
import { workshop } from "./workshop";

// The other process of a race: does what it is told over IPC, and goes when nobody tells it anything any more.
const shop = await workshop({
  databaseUrl: process.argv[2] ?? "",
  outside: ({ agent }) => ({
    agent: { ...agent, chat: (line, signal) => (line === NO_ANSWER ? never() : agent.chat(line, signal)) },
  }),
});
const guests = {
  /** So many watch the room from here, until this process ends. */
  async come(count: number) {
    for (let n = 0; n < count; n += 1) void watch();
  },
};
function never(): Promise<never> {
  return new Promise(() => undefined);
}
async function watch() {
  for await (const _ of shop.services.workshop.watch(null, new AbortController().signal));
}
const services = { ...shop.services, freeTier: freeTier(shop), guests };

process.on("message", ({ id, calls }: Request) => {
  void makeCalls(services, shop.work, calls).then((outcomes) => {
    const reply: Reply = { id, outcomes };
    process.send?.(reply);
  });
});
process.on("disconnect", () => void shop.close().finally(() => process.exit(0)));
process.send?.("ready");
