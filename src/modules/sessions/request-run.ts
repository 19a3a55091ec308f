import { setTimeout as sleep } from "node:timers/promises";
import { err, type Result } from "~/core/result";
import type { Agent, AgentFailure, Judgement, Usage, Work } from "~/ports/agent";
import { TEXTS } from "./session-texts";

/** What a request came to. `refused`: the work model declined. */
export type RunOutcome =
  | { state: "complete"; judged: Usage; work: Work }
  | { state: "rejected"; judged: Usage; reason: string }
  | { state: "failed"; errorMessage: string; refused: boolean };

type Limits = {
  maxTokens: number;
  /** For judging, and for everything together. */
  judgeSignal: AbortSignal;
  signal: AbortSignal;
  onText: (piece: string) => void;
};

/** A model that cannot be reached is tried again, while nothing of its answer is out yet: somebody waits for this call. */
const TRIES = 3;
const PAUSE_MS = 1000;

/** Judges a request and does it, in this process. Never throws for what an agent does. */
export async function runRequest(agent: Agent, request: string, limits: Limits): Promise<RunOutcome> {
  const judged = await judge(agent, request, limits.judgeSignal);
  if (!judged.ok) return failed(TEXTS.judgeFailed);
  const { usage } = judged.value;
  if (judged.value.verdict === "unacceptable") {
    return { state: "rejected", judged: usage, reason: judged.value.reason };
  }
  const done = await work(agent, request, limits);
  if (done.ok) return { state: "complete", judged: usage, work: done.value };
  const { code } = done.error;
  if (code === "agentRefused") return { ...failed(TEXTS.workRefused), refused: true };
  if (code === "agentUnreachable") {
    return failed(limits.signal.aborted ? TEXTS.workTimedOut : TEXTS.workBrokenOff);
  }
  return failed(TEXTS.workEmpty);
}

const failed = (errorMessage: string) => ({ state: "failed", errorMessage, refused: false }) as const;

/** An answer that is not the judge's form gets one more try, then it is a failed evaluation, never an approval. */
function judge(agent: Agent, request: string, signal: AbortSignal): Promise<Result<Judgement, AgentFailure>> {
  let nonsense = 0;
  return trying(signal, async () => {
    const judged = await agent.judge(request, signal);
    if (judged.ok || judged.error.code === "agentUnreachable") return judged;
    nonsense += 1;
    return nonsense < 2 ? agent.judge(request, signal) : judged;
  });
}

function work(
  agent: Agent,
  request: string,
  { maxTokens, signal, onText }: Limits,
): Promise<Result<Work, AgentFailure>> {
  let out = false;
  const listener = (piece: string) => {
    out = true;
    onText(piece);
  };
  const attempt = () => agent.work(request, { maxTokens, signal, onText: listener });
  return trying(signal, attempt, () => out);
}

/** Tries again what was not reached, after growing pauses, until it is too late or the signal says stop. */
async function trying<T>(
  signal: AbortSignal,
  attempt: () => Promise<Result<T, AgentFailure>>,
  tooLate: () => boolean = () => false,
): Promise<Result<T, AgentFailure>> {
  for (let tries = 1; ; tries += 1) {
    const answer = await attempt();
    const again = !answer.ok && answer.error.code === "agentUnreachable" && tries < TRIES && !tooLate();
    if (!again || signal.aborted) return answer;
    const waited = await sleep(PAUSE_MS * 2 ** (tries - 1), true, { signal }).catch(() => false);
    if (!waited) return err({ code: "agentUnreachable", detail: "stopped while waiting to try again" });
  }
}
