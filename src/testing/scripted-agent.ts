import { err, ok } from "~/core/result";
import type { Agent, AgentFailure, Judgement, Usage, Work } from "~/ports/agent";

type Signal = AbortSignal;
export type JudgeScript = (request: string, signal: Signal) => Promise<Judgement | AgentFailure>;
export type WorkScript = (request: string, options: Parameters<Agent["work"]>[1]) => Promise<Work | AgentFailure>;

export type DemoScript = (request: string, signal: Signal) => Promise<Work | AgentFailure>;

export type ScriptedAgent = Agent & {
  /** What every judgement and every piece of work does from now on. */
  judges(script: JudgeScript): void;
  works(script: WorkScript): void;
  demos(script: DemoScript): void;
  chats(script: DemoScript): void;
  readonly calls: readonly { call: "judge" | "work" | "demo" | "chat"; request: string }[];
};

export const SOME_USAGE: Usage = { inputTokens: 500, outputTokens: 100 };
export const ACCEPTABLE: Judgement = { verdict: "acceptable", usage: SOME_USAGE };
export const DONE: Work = { text: "An answer.", truncated: false, usage: SOME_USAGE };

/** An agent that does what a test tells it to; it accepts everything and does it unless told otherwise. */
export function scriptedAgent(): ScriptedAgent {
  let judging: JudgeScript = async () => ACCEPTABLE;
  let working: WorkScript = async () => DONE;
  let tasting: DemoScript = async () => DONE;
  let chatting: DemoScript = async () => DONE;
  const calls: { call: "judge" | "work" | "demo" | "chat"; request: string }[] = [];
  return {
    kind: "canned",
    promptBytes: { judge: 100, work: 100, demo: 100, chat: 100 },
    judgeMaxTokens: 300,
    demoMaxTokens: 300,
    chatMaxTokens: 150,
    calls,
    async judge(request, signal) {
      calls.push({ call: "judge", request });
      const said = await judging(request, signal);
      return "code" in said ? err(said) : ok(said);
    },
    async work(request, options) {
      calls.push({ call: "work", request });
      const done = await working(request, options);
      return "code" in done ? err(done) : ok(done);
    },
    async demo(request, signal) {
      calls.push({ call: "demo", request });
      const done = await tasting(request, signal);
      return "code" in done ? err(done) : ok(done);
    },
    async chat(line, signal) {
      calls.push({ call: "chat", request: line });
      const said = await chatting(line, signal);
      return "code" in said ? err(said) : ok(said);
    },
    chats(script) {
      chatting = script;
    },
    demos(script) {
      tasting = script;
    },
    judges(script) {
      judging = script;
    },
    works(script) {
      working = script;
    },
  };
}
