import { setTimeout as sleep } from "node:timers/promises";
import type { Runner } from "~/db/liveness";
import type { Agent } from "~/ports/agent";
import type { Presence } from "./workshop-store";

type Deps = {
  runner: Runner;
  keep: (processId: string, present: Presence) => Promise<void>;
  leave: (processId: string) => Promise<void>;
};

/** What comes and goes within that time is one change, or none. */
const GATHER_MS = 100;
const LONGEST_GOODBYE_MS = 1_000;
const NOBODY: Presence = { visitors: 0, judging: 0, working: 0, thinking: 0 };

/** What this process has in it, told to all: as long as it lives, and not a moment longer (`Runner`). */
export function workshopPresence({ runner, keep, leave }: Deps) {
  const now: Presence = { ...NOBODY };
  let told = NOBODY;
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();
  let stopped = false;

  /** Counts one more until the returned function is called. */
  function enter(where: keyof Presence): () => void {
    now[where] += 1;
    soon();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      now[where] -= 1;
      soon();
    };
  }

  async function during<T>(where: keyof Presence, doing: () => Promise<T>): Promise<T> {
    const leaveAgain = enter(where);
    try {
      return await doing();
    } finally {
      leaveAgain();
    }
  }

  function soon(): void {
    if (!stopped) timer ??= setTimeout(() => void tell().catch(() => undefined), GATHER_MS).unref();
  }

  /** Writes down what is new. `again`: also what was told before, which a colleague may have taken for a dead one's. */
  function tell(again = false): Promise<void> {
    telling = telling
      .catch(() => undefined)
      .then(async () => {
        clearTimeout(timer);
        timer = undefined;
        const present = { ...now };
        const nothingNew = same(present, told) && (!again || same(present, NOBODY));
        if (stopped || nothingNew) return;
        await runner.proven();
        await keep(runner.id, present);
        told = present;
      });
    return telling;
  }

  return {
    enter,
    during,
    tell,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // The database may be away: then the others find out by themselves.
      await Promise.race([telling.catch(() => undefined), sleep(LONGEST_GOODBYE_MS, undefined, { ref: false })]);
      if (!same(told, NOBODY)) await leave(runner.id);
    },
  };
}
export type WorkshopPresence = ReturnType<typeof workshopPresence>;

const same = (one: Presence, other: Presence): boolean =>
  one.visitors === other.visitors &&
  one.judging === other.judging &&
  one.working === other.working &&
  one.thinking === other.thinking;

/** The same agent, seen at its work. For work that no row tells of as it goes on. */
export const seenAtWork = (agent: Agent, presence: WorkshopPresence): Agent => ({
  ...agent,
  judge: (request, signal) => presence.during("judging", () => agent.judge(request, signal)),
  work: (request, options) => presence.during("working", () => agent.work(request, options)),
});
