"use client";

import { useEffect, useSyncExternalStore } from "react";
import { refundKeyIn } from "~/ui/known-jobs/refund-key";
import { type KnownNode, knownNodes, rememberNode, watchKnownNodes } from "./known-nodes";

const NONE: readonly KnownNode[] = [];

/** The nodes of this browser, newest first; none while the server renders. */
export const useKnownNodes = (): readonly KnownNode[] => useSyncExternalStore(watchKnownNodes, knownNodes, () => NONE);

/** What is kept of a node: undefined while that is not known yet, null where this browser has no key of it. */
export function useKnownNode(bootstrapJobId: string): KnownNode | null | undefined {
  const inBrowser = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  const known = useKnownNodes().find((node) => node.bootstrapJobId === bootstrapJobId);
  return inBrowser ? (known ?? null) : undefined;
}

/** Moves an order's key from the link's fragment into this browser, and out of the address bar. */
export function useNodeKeyFromLink(bootstrapJobId: string): void {
  useEffect(() => {
    const take = () => {
      const refundToken = refundKeyIn(window.location.hash);
      if (refundToken === null) return;
      // A link never takes the place of a key that is here: one that is wrong would lock its reader out.
      const isKnown = knownNodes().some((node) => node.bootstrapJobId === bootstrapJobId);
      if (!isKnown) rememberNode({ bootstrapJobId, refundToken, createdAt: new Date().toISOString() });
      window.history.replaceState(window.history.state, "", window.location.pathname);
    };
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [bootstrapJobId]);
}
