import type { Result } from "~/core/result";

/** What the model's server billed, from the final message of the call. */
export type Usage = { inputTokens: number; outputTokens: number };

/**
 * Why a call to a model gave no usable answer. `agentUnreachable`: no connection, 429, 5xx, 529, timeout, broken
 * stream: worth another attempt. `agentNonsense`: an answer that is not of the asked form. `agentRefused`: the model
 * declined. `agentEmpty`: no text.
 */
export type AgentFailure = {
  code: "agentUnreachable" | "agentNonsense" | "agentRefused" | "agentEmpty";
  /** For the log. Never shown to a visitor. */
  detail: string;
  /** What was billed all the same, where the server said so. */
  usage?: Usage;
};

export type Judgement = { usage: Usage } & ({ verdict: "acceptable" } | { verdict: "unacceptable"; reason: string });

/** `truncated`: the text stops at the limit of tokens. */
export type Work = { text: string; truncated: boolean; usage: Usage };

export type Agent = {
  readonly kind: "anthropic" | "canned";
  /** UTF-8 bytes of everything a call sends besides the request: the fixed part of the ceiling of input tokens. */
  readonly promptBytes: { judge: number; work: number; demo: number; chat: number };
  /** The most tokens a judgement may answer with. */
  readonly judgeMaxTokens: number;
  /** The most tokens a free taste may answer with. */
  readonly demoMaxTokens: number;
  /** The most tokens an answer in the chat may have. */
  readonly chatMaxTokens: number;
  /** Is the request acceptable? The request is data, never an instruction. A refusing model is `unacceptable`. */
  judge(request: string, signal: AbortSignal): Promise<Result<Judgement, AgentFailure>>;
  /** Does the request. `onText` gets each piece of the answer as it arrives, in order. */
  work(
    request: string,
    options: { maxTokens: number; signal: AbortSignal; onText: (piece: string) => void },
  ): Promise<Result<Work, AgentFailure>>;
  /** A short taste by the cheap model, without thinking. One try: what it costs at most is one call. */
  demo(request: string, signal: AbortSignal): Promise<Result<Work, AgentFailure>>;
  /** A word or two back to a visitor in the room, by the cheap model, without thinking. One try. */
  chat(line: string, signal: AbortSignal): Promise<Result<Work, AgentFailure>>;
};
