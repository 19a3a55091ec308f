"use client";

import { useEffect } from "react";
import { refundTokenOf, rememberJob } from "./known-jobs";
import { refundKeyIn } from "./refund-key";

/**
 * Moves a refund key from the link's fragment into this browser, and out of the address bar. It never replaces one that
 * is here: a wrong link must not take a payer's key to the change away.
 */
export function useRefundKeyFromLink(jobId: string): void {
  useEffect(() => {
    const take = () => {
      const refundToken = refundKeyIn(window.location.hash);
      if (refundToken === null) return;
      if (refundTokenOf(jobId) === null) {
        rememberJob({ jobId, refundToken, title: "", createdAt: new Date().toISOString() });
      }
      window.history.replaceState(window.history.state, "", window.location.pathname);
    };
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [jobId]);
}
