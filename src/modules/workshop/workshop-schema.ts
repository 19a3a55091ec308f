import { z } from "zod";
import { AGENT_IDS, AGENT_STATES, MOMENTS } from "./workshop";

const Instant = z.iso.datetime();
const AgentIdOnWire = z.enum(AGENT_IDS);

/** The longest line that a visitor may say, and that Timmy answers with, in characters (code points). */
export const CHAT_MAX_CHARACTERS = 250;

/** One line of talk. `seq` orders what is kept, over all processes; what is not kept (a helper's note) has none. */
export const ChatLine = z.object({
  agentId: z.enum(["visitor", ...AGENT_IDS]),
  text: z.string(),
  at: Instant,
  seq: z.int().optional(),
});

const AgentStateEvent = z.object({
  event: z.literal("agent_state"),
  agentId: AgentIdOnWire,
  state: z.enum(AGENT_STATES),
});
const ChatEvent = ChatLine.extend({ event: z.literal("chat") });
const VisitorCountEvent = z.object({ event: z.literal("visitor_count"), count: z.int().min(0) });

/** So many of a kind since the last word of it. `aboutSats`: what moved in all, each amount rounded, so that it tells of no order. */
const MomentEvent = z.object({
  event: z.literal("world"),
  type: z.enum(MOMENTS),
  count: z.int().min(1),
  aboutSats: z.int().min(0),
});
/** Timmy answered a visitor. */
const ReplyEvent = z.object({ event: z.literal("world"), type: z.literal("visitor:reply") });
/** How full the jar is: 0 empty, 0.5 as it was at first, towards 1 for ever more. */
const PoolLevelEvent = z.object({
  event: z.literal("world"),
  type: z.literal("pool:level"),
  level: z.number().min(0).max(1),
});

/**
 * What happens in the room, as everybody in it is told. Whoever comes in is told first how things stand (`visitor_count`,
 * the `agent_state` of all five, `pool:level`, the talk that is kept). No event names an order or holds a word of one.
 */
export const WorkshopEvent = z.union([
  AgentStateEvent,
  ChatEvent,
  VisitorCountEvent,
  z.discriminatedUnion("type", [MomentEvent, ReplyEvent, PoolLevelEvent]),
]);
