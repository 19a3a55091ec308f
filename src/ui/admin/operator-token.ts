"use client";

import { useSyncExternalStore } from "react";

const KEY = "timmy.operator";
const listeners = new Set<() => void>();

/** The operator's token lives as long as the tab: never in an address, never in what outlives the tab. */
export const useOperatorToken = (): string | null => useSyncExternalStore(subscribe, read, () => null);

/** Null locks the room. */
export function setOperatorToken(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    inMemory = token; // storage is forbidden: then until the next reload
  }
  for (const listener of listeners) listener();
}

let inMemory: string | null = null;

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY) ?? inMemory;
  } catch {
    return inMemory;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
