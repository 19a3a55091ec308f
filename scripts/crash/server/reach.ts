import { writeSync } from "node:fs";
import { EVENTS_FD, type FromServer, type Spot, spotOf } from "../protocol";

/** How often each spot may still be passed before the process dies there. */
let armed: ReadonlyMap<Spot, number> = new Map();
const passed = new Map<Spot, number>();
const seen = new Set<Spot>();

export function arm(spots: ReadonlyMap<Spot, number>): void {
  armed = spots;
  passed.clear();
}

/** The process is just before, or just after, a point of the catalogue. It ends here if it was told to. */
export function reach(point: string, side: "before" | "after"): void {
  const spot = spotOf(side, point);
  if (!seen.has(spot)) {
    seen.add(spot);
    tell({ kind: "seen", spot });
  }
  const allowed = armed.get(spot);
  if (allowed === undefined) return;
  const times = passed.get(spot) ?? 0;
  passed.set(spot, times + 1);
  if (times >= allowed) die(spot);
}

/** As if the power went: nothing is flushed, closed or answered any more. */
function die(spot: Spot): never {
  tell({ kind: "died", spot });
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Written at once, so that it is in the pipe before the process is gone. */
function tell(event: FromServer): void {
  writeSync(EVENTS_FD, `${JSON.stringify(event)}\n`);
}
