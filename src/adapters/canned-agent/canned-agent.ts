import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { err, ok, type Result } from "~/core/result";
import type { Agent, AgentFailure, Judgement, Usage, Work } from "~/ports/agent";
import { cannedAnswer, cannedRemark, cannedTaste } from "./canned-answer";
import { asksFor } from "./canned-requests";

export type CannedAgentOptions = {
  /** Pause between two pieces of an answer. 0 in tests. */
  paceMs?: number;
  /** How long a `[slow]` answer takes altogether. */
  slowMs?: number;
};

/** As large as the prompts of the real agent are, so that an estimate looks the same with and without a key. */
const PROMPT_BYTES = { judge: 3500, work: 1800, demo: 1100, chat: 900 };
const JUDGE_MAX_TOKENS = 300;
const DEMO_MAX_TOKENS = 400;
const CHAT_MAX_TOKENS = 150;
const WORDS_PER_PIECE = 3;
/** What the tokens of English text come to; a real tokenizer is not worth carrying for pretended ones. */
const BYTES_PER_TOKEN = 4;

/** The agent for when there is no model key: calls nothing, says so in every answer, shows each outcome on request. */
export function createCannedAgent({ paceMs = 40, slowMs = 10_000 }: CannedAgentOptions = {}): Agent {
  return {
    kind: "canned",
    promptBytes: PROMPT_BYTES,
    judgeMaxTokens: JUDGE_MAX_TOKENS,
    demoMaxTokens: DEMO_MAX_TOKENS,
    chatMaxTokens: CHAT_MAX_TOKENS,

    async judge(request, signal) {
      return unlessAborted<Judgement>(signal, async () => {
        await wait(paceMs * 20, signal);
        const usage = usageOf(PROMPT_BYTES.judge, request, 30);
        if (asksFor(request, "[judge-fail]")) return err({ code: "agentUnreachable", detail: "canned: [judge-fail]" });
        if (asksFor(request, "[nonsense]")) return err({ code: "agentNonsense", detail: "canned: [nonsense]", usage });
        if (asksFor(request, "[reject]")) return ok({ verdict: "unacceptable", reason: REJECTION, usage });
        return ok({ verdict: "acceptable", usage });
      });
    },

    async work(request, { maxTokens, signal, onText }) {
      return unlessAborted<Work>(signal, async () => {
        const usage = (text: string) => usageOf(PROMPT_BYTES.work, request, tokensOf(text));
        if (asksFor(request, "[refuse]")) {
          return err({ code: "agentRefused", detail: "canned: [refuse]", usage: usage("") });
        }
        if (asksFor(request, "[empty]"))
          return err({ code: "agentEmpty", detail: "canned: [empty]", usage: usage("") });

        const whole = piecesOf(cannedAnswer(request));
        const fitting = whole.slice(0, fittingPieces(whole, maxTokens));
        const half = fitting.slice(0, Math.ceil(fitting.length / 2));
        const breaksOff = asksFor(request, "[fail]");
        const truncates = asksFor(request, "[truncate]");
        const pieces = breaksOff || truncates ? half : fitting;
        const pacedMs = asksFor(request, "[slow]") ? slowMs / pieces.length : paceMs;
        for (const piece of pieces) {
          await wait(pacedMs, signal);
          onText(piece);
        }
        if (breaksOff) return err({ code: "agentUnreachable", detail: "canned: [fail]" });
        const text = pieces.join("");
        return ok({ text, truncated: pieces.length < whole.length, usage: usage(text) });
      });
    },

    async demo(request, signal) {
      return unlessAborted<Work>(signal, async () => {
        await wait(paceMs * 10, signal);
        const usage = (text: string) => usageOf(PROMPT_BYTES.demo, request, tokensOf(text));
        if (asksFor(request, "[fail]")) return err({ code: "agentUnreachable", detail: "canned: [fail]" });
        if (asksFor(request, "[refuse]")) {
          return err({ code: "agentRefused", detail: "canned: [refuse]", usage: usage("") });
        }
        if (asksFor(request, "[empty]"))
          return err({ code: "agentEmpty", detail: "canned: [empty]", usage: usage("") });
        const whole = cannedTaste(request);
        const truncated = asksFor(request, "[truncate]");
        const text = truncated ? whole.slice(0, whole.length / 2) : whole;
        return ok({ text, truncated, usage: usage(text) });
      });
    },

    async chat(line, signal) {
      return unlessAborted<Work>(signal, async () => {
        await wait(paceMs * 20, signal);
        const text = cannedRemark(line);
        return ok({ text, truncated: false, usage: usageOf(PROMPT_BYTES.chat, line, tokensOf(text)) });
      });
    },
  };
}

const REJECTION =
  "Timmy shakes his head: this request asked to be turned down, so it is. (Canned: no model has judged it.)";

/** An aborted call ends as a failure like any other, never as an exception. */
async function unlessAborted<T>(
  signal: AbortSignal,
  act: () => Promise<Result<T, AgentFailure>>,
): Promise<Result<T, AgentFailure>> {
  try {
    return await act();
  } catch (error) {
    if (!signal.aborted) throw error;
    return err({ code: "agentUnreachable", detail: "aborted" });
  }
}

/** Without a pause it still lets others have their turn, and still ends when the caller has gone. */
const wait = (ms: number, signal: AbortSignal) =>
  ms > 0 ? pause(ms, undefined, { signal }) : nextTurn(undefined, { signal });

const tokensOf = (text: string): number => Math.ceil(new TextEncoder().encode(text).length / BYTES_PER_TOKEN);

const usageOf = (promptBytes: number, request: string, outputTokens: number): Usage => ({
  inputTokens: Math.ceil(promptBytes / BYTES_PER_TOKEN) + tokensOf(request),
  outputTokens,
});

/** A few words at a time, with the white space after them: joined, they are the text again. */
function piecesOf(text: string): string[] {
  const words = text.match(/\S+\s*/g) ?? [];
  return words.flatMap((_, at) => (at % WORDS_PER_PIECE === 0 ? [words.slice(at, at + WORDS_PER_PIECE).join("")] : []));
}

/** How many of the pieces stay within the limit of tokens. */
function fittingPieces(pieces: readonly string[], maxTokens: number): number {
  const firstOver = pieces.findIndex((_, at) => tokensOf(pieces.slice(0, at + 1).join("")) > maxTokens);
  return firstOver === -1 ? pieces.length : firstOver;
}
