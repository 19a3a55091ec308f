"use client";

import { useCallback, useEffect, useRef } from "react";
import type { followJob } from "./job-watcher";

/**
 * Follows an order as long as the page shows it; starts over when `start` is another function. Returns what asks the
 * server at once, for after something was done to the order.
 */
export function useFollowing(start: () => ReturnType<typeof followJob>): () => void {
  const follower = useRef<ReturnType<typeof followJob> | null>(null);
  useEffect(() => {
    const following = start();
    follower.current = following;
    // A phone that wakes up and a network that is back should not have to wait for the next try.
    const wake = () => document.visibilityState === "visible" && following.lookNow();
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    return () => {
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("online", wake);
      following.stop();
    };
  }, [start]);
  return useCallback(() => follower.current?.lookNow(), []);
}
