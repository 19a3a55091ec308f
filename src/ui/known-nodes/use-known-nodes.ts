"use client";

import { useEffect, useSyncExternalStore } from "react";
import { spareKeyOf, takeSpareKey, watchSpareKeys } from "~/ui/kept/spare-keys";
import { type Keys, useKeyFromLink } from "~/ui/known-jobs/use-key-from-link";
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

const KEYS: Keys = {
  of: (bootstrapJobId) => knownNodes().find((node) => node.bootstrapJobId === bootstrapJobId)?.refundToken ?? null,
  remember: (bootstrapJobId, refundToken) =>
    rememberNode({ bootstrapJobId, refundToken, createdAt: new Date().toISOString() }),
};
export const useNodeKeyFromLink = (bootstrapJobId: string): void => useKeyFromLink(bootstrapJobId, KEYS);

/** Once the server has refused a node's key, the one that a link has brought meanwhile takes its place. */
export function useSpareNodeKey({ bootstrapJobId, refundToken }: KnownNode, refused: boolean): void {
  const spare = useSyncExternalStore(
    watchSpareKeys,
    () => spareKeyOf(bootstrapJobId),
    () => null,
  );
  useEffect(() => {
    const next = refused && spare !== null ? takeSpareKey(bootstrapJobId, refundToken) : null;
    if (next !== null) KEYS.remember(bootstrapJobId, next);
  }, [bootstrapJobId, refundToken, refused, spare]);
}
