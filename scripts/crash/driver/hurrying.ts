import { setTimeout as pause } from "node:timers/promises";
import { hurry, meddle } from "./faults";
import type { Lane } from "./lane";
import type { Needs } from "./needs";

const EVERY_MS = 1_500;

/** What happens once a minute or once in months happens now, in a lane, as long as somebody waits for something. */
export async function hurryOn(lane: Lane, needs: Needs, killing: () => boolean, goOn: () => boolean): Promise<void> {
  const isWanted = (point: string) => killing() && needs.isOpen(point);
  while (goOn()) {
    await hurry(lane.world, isWanted("commit books-service.openIfNew"));
    if (isWanted("commit books-tasks.prove-books")) await meddle(lane.world);
    await pause(EVERY_MS);
  }
}
