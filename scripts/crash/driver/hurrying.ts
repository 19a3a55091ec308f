import { setTimeout as pause } from "node:timers/promises";
import { hurry, meddle } from "./faults";
import type { Lane } from "./lane";
import type { Needs } from "./needs";

const EVERY_MS = 1_500;

/** What happens once a minute or once in months happens now, in a lane, as long as servers are killed. */
export async function hurryOn(lane: Lane, needs: Needs, goOn: () => boolean): Promise<void> {
  while (goOn()) {
    await hurry(lane.world, needs.isOpen("commit books-service.openIfNew"));
    if (needs.isOpen("commit books-tasks.prove-books")) await meddle(lane.world);
    await pause(EVERY_MS);
  }
}
