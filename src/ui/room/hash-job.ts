"use client";

import { useSyncExternalStore } from "react";

/** The job that the panel shows stands in the fragment, which no browser sends anywhere: a reload goes on with it. */
const IN_FRAGMENT = /^#job=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const listeners = new Set<() => void>();

const read = (): string | null => IN_FRAGMENT.exec(window.location.hash)?.[1] ?? null;

export const useHashJob = (): string | null => useSyncExternalStore(watch, read, () => null);

/** Null shows the form again. The way back in the browser leads to what was there before. */
export function showHashJob(jobId: string | null): void {
  const { pathname, search } = window.location;
  window.history.pushState(null, "", jobId === null ? `${pathname}${search}` : `#job=${jobId}`);
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
  };
}
