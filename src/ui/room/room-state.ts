import type { ChatLine, WorkshopEvent } from "~/modules/workshop/workshop-schema";
import { RESTING_WORLD, type WorldState } from "~/ui/scene/scene-state";

/** A line of the log. `mine`: said in this browser; `alone`: said to nobody else. */
export type LogLine = ChatLine & { key: string; mine: boolean; alone: boolean };

/** All that a page knows of the room. */
export type RoomState = {
  readonly world: WorldState;
  readonly visitors: number | null;
  readonly lines: readonly LogLine[];
  /** What stands in the speech bubble; null before anybody spoke since one came in. */
  readonly bubble: LogLine | null;
  /** What this browser is saying just now: the feed tells of it before Timmy has answered. */
  readonly saying: string | null;
  /** Counts what was not numbered by the server. */
  readonly unnumbered: number;
};

export const EMPTY_ROOM: RoomState = {
  world: RESTING_WORLD,
  visitors: null,
  lines: [],
  bubble: null,
  saying: null,
  unnumbered: 0,
};

const MOST_LINES = 150;
const LET_COINS_FLY = ["job:paid", "session:paid", "node:paid"];

export type RoomNews =
  | { event: WorkshopEvent; fresh: boolean }
  | { saying: string | null }
  /** What came back for a line of one's own, perhaps before the feed has told of it. */
  | { said: { lines: readonly ChatLine[]; alone: boolean } };

/** Takes news in. Lines are known by their number: what comes twice, or late, is there once, in its place. */
export function withNews(room: RoomState, news: RoomNews): RoomState {
  if ("saying" in news) return { ...room, saying: news.saying };
  if ("said" in news) {
    const { lines, alone } = news.said;
    return lines.reduce(
      (so, line) => withLine(so, line, { fresh: true, mine: line.agentId === "visitor", alone }),
      room,
    );
  }
  const { event, fresh } = news;
  switch (event.event) {
    case "agent_state": {
      const agents = { ...room.world.agents, [event.agentId]: event.state };
      return { ...room, world: { ...room.world, agents } };
    }
    case "visitor_count":
      return { ...room, visitors: event.count };
    case "chat": {
      const mine = fresh && event.agentId === "visitor" && event.text === room.saying;
      return withLine(mine ? { ...room, saying: null } : room, event, { fresh, mine, alone: false });
    }
    case "world":
      if (event.type === "pool:level") return { ...room, world: { ...room.world, poolLevel: event.level } };
      if (event.type === "visitor:reply" || !LET_COINS_FLY.includes(event.type)) return room;
      return { ...room, world: { ...room.world, coins: room.world.coins + event.count } };
  }
}

type How = { fresh: boolean; mine: boolean; alone: boolean };

function withLine(room: RoomState, { agentId, text, at, seq }: ChatLine, { fresh, ...how }: How): RoomState {
  const known = seq !== undefined && room.lines.find((line) => line.seq === seq);
  if (known) {
    if (!how.mine || known.mine) return room;
    return { ...room, lines: room.lines.map((line) => (line === known ? { ...line, mine: true } : line)) };
  }
  const unnumbered = room.unnumbered + (seq === undefined ? 1 : 0);
  const key = seq === undefined ? `note ${unnumbered}` : `line ${seq}`;
  const line: LogLine = { agentId, text, at, ...(seq !== undefined && { seq }), key, ...how };
  // Late ones go before those that were said after them.
  const after = seq === undefined ? -1 : room.lines.findIndex((other) => other.seq !== undefined && other.seq > seq);
  const place = after === -1 ? room.lines.length : after;
  const lines = [...room.lines.slice(0, place), line, ...room.lines.slice(place)].slice(-MOST_LINES);
  const speaks = agentId !== "visitor" && fresh && place === room.lines.length;
  return { ...room, lines, unnumbered, bubble: speaks ? line : room.bubble };
}
