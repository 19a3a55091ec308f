import type { Database } from "~/db/client";
import type { Listening } from "~/db/listen";
import type { Runner } from "~/db/liveness";
import type { Clock } from "~/ports/clock";
import { workshopChat } from "./workshop-chat";
import { workshopFeed } from "./workshop-feed";
import { workshopMoments } from "./workshop-moments";
import { workshopPresence } from "./workshop-presence";
import {
  answer,
  ask,
  broadcast,
  eraseLinesBefore,
  forgetTheDead,
  giveUp,
  keepPresence,
  leavePresence,
  linesAfter,
  readHouse,
} from "./workshop-store";

type Keeping = "keepQuestion" | "keepAnswer" | "giveUp";
type ChatDeps = Omit<Parameters<typeof workshopChat>[0], "presence" | "moments" | "clock" | Keeping>;
type Deps = ChatDeps & {
  db: Pick<Database, "pool">;
  clock: Clock;
  /** This process, as a colleague knows it that cleans up after it. */
  runner: Runner;
  /** Hears what the processes tell each other, on a connection of its own. */
  listen: (heard: (payload: string) => void, connected: () => void) => Listening;
  settings: { poolSeedSats: number; textRetentionDays: number };
};

const DAY_MS = 86_400_000;

/** The room that everybody is in: what is said, who is there, and what goes on in it (spec §10). */
export function workshopService(deps: Deps) {
  const { db, clock, runner, settings } = deps;
  const presence = workshopPresence({
    runner,
    keep: (processId, present) => keepPresence(db, processId, present),
    leave: (processId) => leavePresence(db, processId),
  });
  const moments = workshopMoments((payload) => broadcast(db, payload));
  const chat = workshopChat({
    ...deps,
    presence,
    moments,
    keepQuestion: async (line) => {
      // Else a colleague might take the question for a dead one's.
      await runner.proven();
      return ask(db, line, runner.id);
    },
    keepAnswer: (line, questionSeq) => answer(db, line, questionSeq),
    giveUp: (line, overdue) => giveUp(db, line, overdue),
  });
  const cleanUpForTheDead = () => Promise.all([forgetTheDead(db), chat.answerForTheDead()]);
  const feed = workshopFeed({
    clock,
    presence,
    poolSeedSats: settings.poolSeedSats,
    listen: deps.listen,
    readHouse: () => readHouse(db),
    linesAfter: (seq, limit) => linesAfter(db, seq, limit),
    cleanUpForTheDead,
  });

  return {
    presence,
    /** To be told after the thing is committed. */
    happened: moments.happened,
    /** Something that the room shows is new in the database. */
    look: moments.look,
    say: chat.say,
    watch: feed.watch,
    /** Also done by itself, as long as anybody watches. */
    cleanUpForTheDead,
    /** What was said is kept for so long and then forgotten. */
    eraseOldLines: () => eraseLinesBefore(db, new Date(clock.now().getTime() - settings.textRetentionDays * DAY_MS)),
    async close() {
      await moments.flush();
      await presence.stop().catch(() => undefined);
      await feed.close();
    },
  };
}
export type WorkshopService = ReturnType<typeof workshopService>;
