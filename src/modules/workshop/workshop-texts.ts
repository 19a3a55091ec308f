import type { AgentId, Moment } from "./workshop";

/** What is said in the room by those whom no model speaks for. */
export const TEXTS = {
  patience: (seconds: number) =>
    `One moment, friend: my tongue is quicker than my ball. Ask me again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`,
  lost: "That answer slipped from me before I could speak it. Ask me once more, friend.",
  rather: "That I would rather leave in its drawer. Ask me something kinder.",
} as const;

/** What a helper mutters when they begin to work. */
export const BEGINS: Readonly<Partial<Record<AgentId, string>>> = {
  alpha: "A request on the scales. Let us see what it weighs.",
  beta: "Paid work! Hammer, scroll, ink: here we go.",
};

/** What a helper remarks on a moment. `about`: sats, rounded. */
export const REMARKS: Readonly<Record<Moment, (about: number, count: number) => { agentId: AgentId; text: string }>> = {
  "job:paid": (about) => delta(`About ${sats(about)} came in for a job. Into the purse!`),
  "session:paid": (about) => delta(`Somebody laid about ${sats(about)} on the counter for later.`),
  "node:paid": () => delta("Somebody bought a whole node. Mind the heavy purse!"),
  "job:done": (_, count) => ({
    agentId: "beta",
    text: count === 1 ? "Done, and the ink is dry." : `${count} of them done, and the ink is dry.`,
  }),
  "pool:credited": (about) => delta(`About ${sats(about)} for the jar on the shelf.`),
  "pool:granted": (about) => delta(`The jar paid about ${sats(about)} for a friend of the house.`),
  "change:sent": (about) => delta(`About ${sats(about)} of change went home.`),
};

const delta = (text: string) => ({ agentId: "delta" as const, text });
const sats = (about: number) => (about === 1 ? "1 sat" : `${about.toLocaleString("en")} sats`);
