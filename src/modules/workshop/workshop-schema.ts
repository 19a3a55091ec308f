import { z } from "zod";
import { CHAT_MAX_CHARACTERS, tidy } from "./chat-text";
import { AGENT_IDS, AGENT_STATES, MOMENTS } from "./workshop";

const Instant = z.iso.datetime();
const AgentIdOnWire = z.enum(AGENT_IDS);

/** What a visitor says: one line, tidied, of at most so many characters. */
const LineOfVisitor = z
  .string()
  // Before anything is counted or searched in it.
  .max(CHAT_MAX_CHARACTERS * 8, `A line has at most ${CHAT_MAX_CHARACTERS} characters.`)
  .transform(tidy)
  .pipe(
    z
      .string()
      .min(1, "Say something: the line is empty.")
      .refine(
        (line) => [...line].length <= CHAT_MAX_CHARACTERS,
        `A line has at most ${CHAT_MAX_CHARACTERS} characters.`,
      ),
  );
export const Say = z.object({ text: LineOfVisitor });

/** One line of talk. `seq` orders what is kept, over all processes; what is not kept has none. Plain text, links too. */
export const ChatLine = z.object({
  agentId: z.enum(["visitor", ...AGENT_IDS]),
  text: z.string(),
  at: Instant,
  seq: z.int().optional(),
});
export type ChatLine = z.infer<typeof ChatLine>;

/**
 * What came of a visitor's line. `shared`: everybody has read both lines. Else Timmy asked this visitor alone for
 * patience, for so many seconds, and what they said was heard by nobody.
 */
export const Said = z.discriminatedUnion("shared", [
  z.object({ shared: z.literal(true), question: ChatLine, answer: ChatLine }),
  z.object({ shared: z.literal(false), answer: ChatLine, retryAfterSeconds: z.int().min(1) }),
]);
export type Said = z.infer<typeof Said>;

const AgentStateEvent = z.object({
  event: z.literal("agent_state"),
  agentId: AgentIdOnWire,
  state: z.enum(AGENT_STATES),
});
const ChatEvent = ChatLine.extend({ event: z.literal("chat") });
const VisitorCountEvent = z.object({ event: z.literal("visitor_count"), count: z.int().min(0) });

/** So many of a kind since the last word of it. `aboutSats`: what moved in all, rounded, so that it tells of no order. */
export const MomentOnWire = z.object({
  type: z.enum(MOMENTS),
  count: z.int().min(1),
  aboutSats: z.int().min(0),
});
const MomentEvent = MomentOnWire.extend({ event: z.literal("world") });
/** Timmy answered a visitor. */
const ReplyEvent = z.object({ event: z.literal("world"), type: z.literal("visitor:reply") });
/** How full the jar is: 0 empty, 0.5 as it was at first, towards 1 for ever more. */
const PoolLevelEvent = z.object({
  event: z.literal("world"),
  type: z.literal("pool:level"),
  level: z.number().min(0).max(1),
});

/**
 * What happens in the room, as everybody in it is told. Whoever comes in is told first what was said before, then how
 * things stand: `visitor_count`, the `agent_state` of all five, `pool:level`. No event names an order or holds a word of one.
 */
export const WorkshopEvent = z.union([
  AgentStateEvent,
  ChatEvent,
  VisitorCountEvent,
  z.discriminatedUnion("type", [MomentEvent, ReplyEvent, PoolLevelEvent]),
]);
export type WorkshopEvent = z.infer<typeof WorkshopEvent>;
