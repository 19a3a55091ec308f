import { join } from "node:path";
import { START, startApp } from "./app";
import type { Bench } from "./bench";
import { figure, title } from "./report";

const WAYS = { "npm start": ["npm", "start"], "the same without npm": START } as const;

/** (d) From the command to the line `ready on …`, on a data folder that was used before, Postgres down. */
export async function starts(bench: Bench): Promise<void> {
  const rounds = bench.quick ? 2 : 7;
  title(
    `(d) start until ready, built, on an initialised data folder, its Postgres to be started too, ${rounds} starts each`,
  );
  const settings = { DATA_DIR: join(bench.folder, "started-before") };
  const first = await startApp(settings);
  bench.atEnd(first.stop);
  await first.stop();
  const seconds: Record<keyof typeof WAYS, number[]> = { "npm start": [], "the same without npm": [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
      const app = await startApp(settings, WAYS[way]);
      bench.atEnd(app.stop);
      seconds[way].push(app.readyMs / 1000);
      await app.stop();
    }
  }
  for (const [way, took] of Object.entries(seconds)) figure(way, took, " s", { atMost: 3 });
}
