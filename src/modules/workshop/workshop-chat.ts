import type { Result } from "~/core/result";
import type { FreeBudget } from "~/modules/pricing/free-budget-service";
import type { TokenRates } from "~/modules/pricing/pricing";
import type { Agent, AgentFailure, Work } from "~/ports/agent";
import type { Clock } from "~/ports/clock";
import { CHAT_MAX_CHARACTERS, cutAtWord, tidy } from "./chat-text";
import type { WorkshopMoments } from "./workshop-moments";
import type { WorkshopPresence } from "./workshop-presence";
import type { ChatLine, Said } from "./workshop-schema";
import { TEXTS } from "./workshop-texts";

type Deps = {
  agent: Agent;
  /** Answers where the budget is used up, or the model cannot be reached: costs nothing. */
  understudy: Agent;
  budget: FreeBudget;
  /** Of the cheap model. */
  rates: TokenRates;
  /** Counts a visitor's lines. */
  limit: (clientKey: string) => Promise<Result<unknown, { retryAfterSeconds: number }>>;
  clock: Clock;
  presence: WorkshopPresence;
  moments: WorkshopMoments;
  /** Kept with who thinks about it, so that it does not stay unanswered when this process ends meanwhile. */
  keepQuestion: (line: Omit<ChatLine, "seq">) => Promise<KeptLine>;
  keepAnswer: (line: Omit<ChatLine, "seq">, questionSeq: number) => Promise<KeptLine>;
  giveUp: (line: Omit<ChatLine, "seq">, overdue: Date) => Promise<void>;
};
type KeptLine = ChatLine & { seq: number };

const LONGEST_MS = 20_000;
/** The model and then the understudy may take their time; a clock that differs a little is no reason to give up. */
const OVERDUE_MS = 3 * LONGEST_MS;

/** Banter with Timmy, which everybody present reads. There is always an answer. */
export function workshopChat(deps: Deps) {
  const { agent, understudy, budget, rates, limit, clock, presence, moments, keepQuestion, keepAnswer } = deps;
  const line = (agentId: ChatLine["agentId"], text: string) => ({ agentId, text, at: clock.now().toISOString() });

  async function say(clientKey: string, text: string): Promise<Said> {
    const room = await limit(clientKey);
    if (!room.ok) {
      const { retryAfterSeconds } = room.error;
      return { shared: false, answer: line("timmy", TEXTS.patience(retryAfterSeconds)), retryAfterSeconds };
    }
    const question = await keepQuestion(line("visitor", text));
    const thought = await presence.during("thinking", () => think(text));
    const answer = await keepAnswer(line("timmy", thought), question.seq);
    moments.replied();
    return { shared: true, question, answer };
  }

  async function think(text: string): Promise<string> {
    const signal = AbortSignal.timeout(LONGEST_MS);
    const answer = await ask(text, signal);
    if (answer?.ok) return asLine(answer.value.text);
    if (answer?.error.code === "agentRefused") return TEXTS.rather;
    const canned = await understudy.chat(text, AbortSignal.timeout(LONGEST_MS));
    return canned.ok ? asLine(canned.value.text) : TEXTS.rather;
  }

  /** Null where the day's budget does not bear it. */
  async function ask(text: string, signal: AbortSignal): Promise<Result<Work, AgentFailure> | null> {
    if (agent.kind === "canned") return agent.chat(text, signal);
    const worst = {
      // No token is shorter than a byte.
      inputTokens: new TextEncoder().encode(text).length + agent.promptBytes.chat,
      outputTokens: agent.chatMaxTokens,
    };
    return budget.within(rates, worst, () => agent.chat(text, signal));
  }

  /** What nobody thinks about any more, in whatever process it was asked, is answered too. */
  const answerForTheDead = () => deps.giveUp(line("timmy", TEXTS.lost), new Date(clock.now().getTime() - OVERDUE_MS));

  return { say, answerForTheDead };
}

const asLine = (text: string): string => cutAtWord(tidy(text), CHAT_MAX_CHARACTERS) || TEXTS.rather;
