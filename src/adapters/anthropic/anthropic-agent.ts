import Anthropic from "@anthropic-ai/sdk";
import { err, ok, type Result } from "~/core/result";
import type { Agent, AgentFailure, Work } from "~/ports/agent";
import { failureDetail } from "./failure-detail";
import { type FinalMessage, readFinalMessage } from "./final-message";
import { judgementFormat, readJudgement } from "./judgement";
import { modelTraits } from "./model-traits";
import { PROMPT_BYTES } from "./prompt-ceiling";
import { CHAT_SYSTEM, DEMO_SYSTEM, fenced, JUDGE_SYSTEM, newMark, workSystem } from "./prompts";
import { watch, watchedFetch } from "./watchdog";

export type AnthropicSettings = {
  apiKey: string;
  /** Another server of the Messages API; null for Anthropic's own. */
  baseUrl: string | null;
  evalModel: string;
  workModel: string;
  /** How long a server may be silent before the call counts as failed, waiting between the SDK's own tries included. */
  silenceMs?: number;
  /** How often the SDK tries again after 408, 409, 429, 5xx and broken connections, before any answer has begun. */
  maxRetries?: number;
};

/** Always handed to the SDK, which would else look for an address in the environment. */
const ANTHROPIC_URL = "https://api.anthropic.com";

/** Room for the form with a reason of 200 characters in any script. */
const JUDGEMENT_TOKENS = 400;
/** Room for a few sentences in any script. */
const DEMO_TOKENS = 400;
/** A remark. */
const CHAT_TOKENS = 150;
/** A model that cannot be kept from thinking needs room for that as well. */
const THINKING_TOKENS = 2048;

/** Of the model's own refusals the visitor is told no more than this. */
const REFUSED_REASON = "Timmy's judge would rather not touch this request.";

/** The real models, through Anthropic's SDK (Messages API, version 2023-06-01). */
export function createAnthropicAgent(settings: AnthropicSettings): Agent {
  const { evalModel, workModel, silenceMs = 60_000, maxRetries = 2 } = settings;
  const judgeTraits = modelTraits(evalModel);
  const workTraits = modelTraits(workModel);
  const unwantedTokens = judgeTraits.noThinking ? 0 : THINKING_TOKENS;
  const judgeMaxTokens = JUDGEMENT_TOKENS + unwantedTokens;
  const demoMaxTokens = DEMO_TOKENS + unwantedTokens;
  const chatMaxTokens = CHAT_TOKENS + unwantedTokens;
  const client = new Anthropic({
    apiKey: settings.apiKey,
    baseURL: settings.baseUrl ?? ANTHROPIC_URL,
    webhookKey: null,
    maxRetries,
    timeout: silenceMs,
    // What it logs can hold the visitor's text; a failure is told by its detail instead.
    logLevel: "off",
    openTelemetry: false,
    // Each call tells by its options which watchdog hears it, so that one client serves all.
    fetch: watchedFetch,
  });

  /** The one door to the server: whatever goes wrong behind it is `agentUnreachable`, and worth another attempt. */
  async function finalMessage(
    caller: AbortSignal,
    call: (options: Anthropic.RequestOptions & { signal: AbortSignal }) => Promise<unknown>,
  ): Promise<Result<FinalMessage, AgentFailure>> {
    const unreachable = (detail: string) => err({ code: "agentUnreachable", detail } as const);
    const watchdog = watch(caller, silenceMs);
    try {
      const { signal, fetchOptions } = watchdog;
      const message = readFinalMessage(await call({ signal, fetchOptions }));
      if (caller.aborted) return unreachable("aborted");
      return message ? ok(message) : unreachable("the answer is no message of the Messages API");
    } catch (error) {
      if (caller.aborted) return unreachable("aborted");
      return unreachable(watchdog.wasSilent() ? `silent for ${silenceMs} ms` : failureDetail(error));
    } finally {
      watchdog.stop();
    }
  }

  return {
    kind: "anthropic",
    promptBytes: PROMPT_BYTES,
    judgeMaxTokens,
    demoMaxTokens,
    chatMaxTokens,

    async judge(request, signal) {
      const answer = await finalMessage(signal, (watched) =>
        client.messages.create(
          {
            model: evalModel,
            max_tokens: judgeMaxTokens,
            system: JUDGE_SYSTEM,
            messages: [{ role: "user", content: fenced(request, newMark(request)) }],
            ...(judgeTraits.noThinking ? { thinking: judgeTraits.noThinking } : {}),
            ...outputConfig({
              ...(judgeTraits.takesEffort ? { effort: "low" } : {}),
              ...(judgeTraits.takesOutputFormat ? { format: judgementFormat } : {}),
            }),
          },
          watched,
        ),
      );
      if (!answer.ok) return answer;
      const { text, stopReason, usage } = answer.value;
      if (stopReason === "refusal") return ok({ verdict: "unacceptable", reason: REFUSED_REASON, usage });
      const nonsense = (detail: string) => err({ code: "agentNonsense", detail, usage } as const);
      if (stopReason !== "end_turn") return nonsense(`the judgement stopped by ${stopWord(stopReason)}`);
      const verdict = readJudgement(text);
      return verdict ? ok({ ...verdict, usage }) : nonsense("the judgement is not of its form");
    },

    async work(request, { maxTokens, signal, onText }) {
      // A listener that throws is a mistake of ours, and must not pass for a broken stream.
      let listenerFailed: { error: unknown } | undefined;
      const answer = await finalMessage(signal, (watched) => {
        const stream = client.messages.stream(
          {
            model: workModel,
            max_tokens: maxTokens,
            system: workSystem(maxTokens),
            messages: [{ role: "user", content: request }],
            ...outputConfig(workTraits.takesEffort ? { effort: "low" } : {}),
          },
          watched,
        );
        stream.on("text", (piece) => {
          // What was already on its way when the caller left is not for anybody.
          if (piece === "" || watched.signal.aborted || listenerFailed) return;
          try {
            onText(piece);
          } catch (error) {
            listenerFailed = { error };
            stream.abort();
          }
        });
        return stream.finalMessage();
      });
      if (listenerFailed) throw listenerFailed.error;
      if (!answer.ok) return answer;
      return workOf(answer.value);
    },

    demo: (request, signal) => shortAnswer(DEMO_SYSTEM, demoMaxTokens, request, signal),
    chat: (line, signal) => shortAnswer(CHAT_SYSTEM, chatMaxTokens, line, signal),
  };

  /** By the cheap model, not thinking where that can be had; tried once. */
  async function shortAnswer(
    system: string,
    maxTokens: number,
    content: string,
    signal: AbortSignal,
  ): Promise<Result<Work, AgentFailure>> {
    const answer = await finalMessage(signal, (watched) =>
      client.messages.create(
        {
          model: evalModel,
          max_tokens: maxTokens,
          system,
          messages: [{ role: "user", content }],
          ...(judgeTraits.noThinking ? { thinking: judgeTraits.noThinking } : {}),
          ...outputConfig(judgeTraits.takesEffort ? { effort: "low" } : {}),
        },
        { ...watched, maxRetries: 0 },
      ),
    );
    return answer.ok ? workOf(answer.value) : answer;
  }
}

/** A text, or why there is none. */
function workOf({ text, stopReason, usage }: FinalMessage): Result<Work, AgentFailure> {
  if (stopReason === "refusal") return err({ code: "agentRefused", detail: "refusal", usage });
  if (text.trim() === "") return err({ code: "agentEmpty", detail: `stopped by ${stopWord(stopReason)}`, usage });
  return ok({ text, truncated: !WHOLE.includes(stopReason), usage });
}

/** Every other reason, `max_tokens` among them, leaves a text that might have gone on. */
const WHOLE = ["end_turn", "stop_sequence"];

const outputConfig = (config: Anthropic.OutputConfig) =>
  Object.keys(config).length > 0 ? { output_config: config } : {};

/** The server's word, as long as it is one. */
const stopWord = (stopReason: string): string => (/^\w{1,64}$/.test(stopReason) ? stopReason : "an unknown reason");
