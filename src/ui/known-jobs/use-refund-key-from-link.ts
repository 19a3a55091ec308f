"use client";

import { useEffect } from "react";
import { rememberJob } from "./known-jobs";
import { refundKeyIn } from "./refund-key";

/** Moves a refund key from the link's fragment into this browser, and out of the address bar. */
export function useRefundKeyFromLink(jobId: string): void {
  useEffect(() => {
    const take = () => {
      const refundToken = refundKeyIn(window.location.hash);
      if (refundToken === null) return;
      rememberJob({ jobId, refundToken, title: "", createdAt: new Date().toISOString() });
      window.history.replaceState(window.history.state, "", window.location.pathname);
    };
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [jobId]);
}
