"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { z } from "zod";
import { randomHex } from "~/core/ids";
import type { Problem } from "~/ui/api/problem";
import { act, OperatorRefused } from "./operator-api";
import { STATUS_KEY } from "./use-node-status";

/**
 * One thing to do by hand. The same act keeps its key until it is answered, so that sending it again after a lost
 * answer does not do it twice.
 */
export function useAct<T>(token: string, answer: z.ZodType<T>, onDone: (answer: T) => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const wish = useRef<{ text: string; key: string } | null>(null);
  const queryClient = useQueryClient();

  async function go(path: string, body: object): Promise<void> {
    const text = JSON.stringify([path, body]);
    if (wish.current?.text !== text) wish.current = { text, key: randomHex(16) };
    setBusy(true);
    setProblem(null);
    try {
      const done = await act(token, wish.current.key, path, body, answer);
      wish.current = null;
      onDone(done);
    } catch (error) {
      const told = error instanceof OperatorRefused ? error.problem : { code: null, status: null, detail: null };
      setProblem(told);
      if (told.status !== null && told.status < 500) wish.current = null;
    } finally {
      setBusy(false);
      await queryClient.invalidateQueries({ queryKey: [STATUS_KEY] });
    }
  }
  return { go, busy, problem, forget: () => setProblem(null) };
}
