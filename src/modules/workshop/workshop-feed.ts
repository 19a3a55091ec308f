import type { Listening } from "~/db/listen";
import type { Clock } from "~/ports/clock";
import { type Activity, AGENT_IDS, type AgentStates, agentStates, movesMoney, poolLevel } from "./workshop";
import { type Bulletin, readBulletin } from "./workshop-moments";
import type { WorkshopPresence } from "./workshop-presence";
import type { ChatLine, WorkshopEvent } from "./workshop-schema";
import type { House } from "./workshop-store";
import { BEGINS, REMARKS } from "./workshop-texts";

type KeptLine = ChatLine & { seq: number };
type Deps = {
  clock: Clock;
  presence: WorkshopPresence;
  poolSeedSats: number;
  listen: (heard: (payload: string) => void, connected: () => void) => Listening;
  readHouse: () => Promise<House>;
  linesAfter: (seq: number, limit?: number) => Promise<KeptLine[]>;
  /** What colleagues that are gone have left behind: who was there, what was not answered. */
  cleanUpForTheDead: () => Promise<unknown>;
};

export type FeedItem = { seq: number; event: WorkshopEvent };

const FIRST_LINES = 50;
/** A look at the house serves whatever was rung within that time. */
const LOOK_GAP_MS = 60;
/** What nobody rings for: a process that was killed, delta's last coin. */
const LOOK_AT_LEAST_EVERY_MS = 4_000;
const MONEY_MOVES_MS = 3_000;
const NOTE_PAUSE_MS = 2_500;
/** Who reads so slowly is cut off, and goes on from where they were when they come again. */
const LONGEST_INBOX = 1_000;

type Scene = { visitors: number; agents: AgentStates; level: number };
const QUIET: Activity = { judging: false, working: false, thinking: false, moneyMoving: false };
const AT_FIRST: Scene = { visitors: 0, agents: agentStates(QUIET), level: 0 };

/** One look at the database for all watchers of a process, whenever the bell rings; they are told what is different. */
export function workshopFeed(deps: Deps) {
  const { clock, presence } = deps;
  const inboxes = new Set<{ put(item: FeedItem): void }>();
  let listening: Listening | null = null;
  let scene = AT_FIRST;
  let readUpTo: number | null = null;
  let moneyUntil = 0;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let pause: NodeJS.Timeout | undefined;
  let beat: NodeJS.Timeout | undefined;
  let calm: NodeJS.Timeout | undefined;
  const notedAt = new Map<string, number>();
  const now = () => clock.now().getTime();

  function tellAll(event: WorkshopEvent): void {
    for (const inbox of inboxes) inbox.put({ seq: readUpTo ?? 0, event });
  }

  /** A helper's remark: not kept, and not all of them, lest they talk without end. */
  function note({ agentId, text }: Pick<ChatLine, "agentId" | "text">): void {
    if (now() - (notedAt.get(agentId) ?? 0) < NOTE_PAUSE_MS) return;
    notedAt.set(agentId, now());
    tellAll({ event: "chat", agentId, text, at: clock.now().toISOString() });
  }

  function heard(payload: string): void {
    const bulletin = readBulletin(payload);
    if (bulletin) announce(bulletin);
    look();
  }

  function announce({ moments = [], replied }: Bulletin): void {
    if (replied) tellAll({ event: "world", type: "visitor:reply" });
    for (const moment of moments) {
      if (movesMoney(moment.type)) moneyUntil = now() + MONEY_MOVES_MS;
      tellAll({ event: "world", ...moment });
      note(REMARKS[moment.type](moment.aboutSats, moment.count));
    }
  }

  /** Looks soon; what rings while a look is under way is seen by the next one. */
  function look(): void {
    if (inboxes.size === 0) return;
    if (looking !== null) lookAgain = true;
    else pause ??= setTimeout(() => void lookNow(), LOOK_GAP_MS);
  }

  function lookNow(): Promise<void> {
    clearTimeout(pause);
    pause = undefined;
    looking ??= seeAll()
      .catch(() => undefined) // the database is away: the next beat looks again
      .finally(() => {
        looking = null;
        if (lookAgain) look();
        lookAgain = false;
      });
    return looking;
  }

  async function seeAll(): Promise<void> {
    const first = readUpTo === null;
    const [house, lines] = await Promise.all([
      deps.readHouse(),
      readUpTo === null ? deps.linesAfter(0, 1) : deps.linesAfter(readUpTo),
    ]);
    const moneyMoving = house.sending || now() < moneyUntil;
    const seen = {
      visitors: house.visitors,
      agents: agentStates({ ...house, moneyMoving }),
      level: poolLevel(house.pool_sats, deps.poolSeedSats),
    };
    const before = scene;
    scene = seen;
    readUpTo ??= 0;
    for (const line of lines) {
      readUpTo = line.seq;
      if (!first) tellAll({ event: "chat", ...line });
    }
    if (seen.visitors !== before.visitors) tellAll({ event: "visitor_count", count: seen.visitors });
    if (seen.level !== before.level) tellAll({ event: "world", type: "pool:level", level: seen.level });
    for (const agentId of AGENT_IDS) {
      const state = seen.agents[agentId];
      if (state === before.agents[agentId]) continue;
      tellAll({ event: "agent_state", agentId, state });
      const text = state === "working" ? BEGINS[agentId] : undefined;
      if (text && !first) note({ agentId, text });
    }
    clearTimeout(calm);
    if (now() < moneyUntil) calm = setTimeout(look, moneyUntil - now() + LOOK_GAP_MS);
  }

  async function onBeat(): Promise<void> {
    await Promise.all([presence.tell(true), deps.cleanUpForTheDead()]).catch(() => undefined);
    await lookNow();
    if (beat) beat = setTimeout(() => void onBeat(), LOOK_AT_LEAST_EVERY_MS);
  }

  function open(): void {
    listening ??= deps.listen(heard, look);
    beat ??= setTimeout(() => void onBeat(), LOOK_AT_LEAST_EVERY_MS);
  }

  /** Nobody watches: nothing is looked at until somebody does. Listening goes on, another visitor is soon here. */
  function rest(): void {
    for (const timer of [beat, pause, calm]) clearTimeout(timer);
    beat = undefined;
    pause = undefined;
    readUpTo = null;
    scene = AT_FIRST;
  }

  /** All that happens from now on, until the signal. First the lines after `afterSeq`, then how things stand. */
  async function* watch(afterSeq: number | null, signal: AbortSignal): AsyncGenerator<FeedItem> {
    const inbox = newInbox(signal);
    const leave = presence.enter("visitors");
    inboxes.add(inbox);
    try {
      open();
      // A look that began before this watcher came may be older than they are, but what is new since is in the inbox.
      await lookNow();
      if (readUpTo === null) await lookNow();
      if (readUpTo === null) return; // the database is away: they come again
      inbox.clear();
      const known = readUpTo;
      const atFirst = standing(scene);
      const missed =
        afterSeq === null ? await deps.linesAfter(0, FIRST_LINES) : await deps.linesAfter(Math.min(afterSeq, known));
      let told = Math.min(afterSeq ?? 0, known);
      for (const line of missed) {
        if (line.seq <= told) continue;
        told = line.seq;
        yield { seq: told, event: { event: "chat", ...line } };
      }
      for (const event of atFirst) yield { seq: told, event };
      for await (const { seq, event } of inbox.items()) {
        if (event.event === "chat" && event.seq !== undefined && event.seq <= told) continue;
        told = Math.max(told, seq);
        yield { seq: told, event };
      }
    } finally {
      inboxes.delete(inbox);
      leave();
      if (inboxes.size === 0) rest();
    }
  }

  return {
    watch,
    /** Rung by hand where no notification comes. */
    look,
    async close() {
      rest();
      await listening?.stop();
    },
  };
}

const standing = ({ visitors, agents, level }: Scene): WorkshopEvent[] => [
  { event: "visitor_count", count: visitors },
  ...AGENT_IDS.map((agentId) => ({ event: "agent_state" as const, agentId, state: agents[agentId] })),
  { event: "world", type: "pool:level", level },
];

/** What one watcher has not read yet. Ends at the signal, and where too much waits. */
function newInbox(signal: AbortSignal) {
  let waiting: FeedItem[] = [];
  let over = false;
  let wake = () => {};
  signal.addEventListener("abort", () => wake(), { once: true });
  return {
    put(item: FeedItem) {
      if (waiting.length >= LONGEST_INBOX) over = true;
      else waiting.push(item);
      wake();
    },
    clear() {
      waiting = [];
    },
    async *items(): AsyncGenerator<FeedItem> {
      while (!signal.aborted && !over) {
        const items = waiting;
        waiting = [];
        yield* items;
        if (items.length > 0 || over || signal.aborted) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
          // What came, or ended, just before anybody could be woken.
          if (waiting.length > 0 || over || signal.aborted) resolve();
        });
      }
    },
  };
}
