"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { randomHex } from "~/core/ids";
import { isLoginRefused } from "~/ui/api/api-client";
import { forgetLogin, loginHeader } from "~/ui/login/login-store";
import { type AskOutcome, askRequest } from "./ask-request";

export type Asking = {
  question: string;
  /** The answer as far as it has been written. */
  draft: string;
  broken: boolean;
  outcome: AskOutcome | null;
};

const RETRY_MS = { first: 500, most: 10_000 };

/** Asks one request at a time, in this page. What is under way when the page goes is found again in the history. */
export function useAsking(sessionId: string, authorization: string, onEnded: () => void) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const leaving = useRef<AbortController | null>(null);
  const busy = asking !== null && asking.outcome === null;

  useEffect(() => {
    const here = new AbortController();
    leaving.current = here;
    return () => here.abort();
  }, []);

  const ask = useCallback(
    async (question: string) => {
      const gone = leaving.current?.signal;
      setAsking({ question, draft: "", broken: false, outcome: null });
      const change = (next: (asking: Asking) => Asking) => {
        if (!gone?.aborted) setAsking((now) => now && next(now));
      };
      const headers = { ...loginHeader(), Authorization: authorization };
      const asked = { sessionId, request: question, idempotencyKey: randomHex(16), headers };
      const listener = {
        text: (piece: string) => change((now) => ({ ...now, draft: now.draft + piece })),
        broken: () => change((now) => ({ ...now, broken: true })),
      };
      const outcome = await askRequest(asked, listener, (tries) => retryIn(tries, gone)).catch(() => null);
      if (outcome === null) return;
      if ("problem" in outcome && isLoginRefused(outcome.problem.code)) forgetLogin(true);
      change((now) => ({ ...now, outcome }));
      if (!gone?.aborted) onEnded();
    },
    [sessionId, authorization, onEnded],
  );

  return { asking, busy, ask };
}

/** Waits longer each time, less when the network comes back; throws once the page has gone. */
function retryIn(tries: number, gone: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (gone?.aborted) return reject(new Error("the page has gone"));
    const ended = new AbortController();
    const timer = setTimeout(done, Math.min(RETRY_MS.most, RETRY_MS.first * 1.6 ** (tries - 1)));
    function done() {
      clearTimeout(timer);
      ended.abort();
      resolve();
    }
    window.addEventListener("online", done, { signal: ended.signal });
    gone?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        ended.abort();
        reject(new Error("the page has gone"));
      },
      { signal: ended.signal },
    );
  });
}
