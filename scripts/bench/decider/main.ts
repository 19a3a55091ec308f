import { decideOnce, openClients, perSecond } from "./decider";

// One process of several that ask the pool at once: decides for as long as it is told, and goes when nobody tells it more.
const [, , databaseUrl = "", clients = "1"] = process.argv;
const pool = openClients(databaseUrl, Number(clients));
process.on("message", (seconds: number) => {
  void perSecond(Number(clients), seconds, () => decideOnce(pool)).then((decisions) => process.send?.(decisions));
});
process.on("disconnect", () => void pool.end().finally(() => process.exit(0)));
// Its connections are open before it is timed.
await Promise.all(Array.from({ length: Number(clients) }, () => pool.query("SELECT 1")));
process.send?.("ready");
