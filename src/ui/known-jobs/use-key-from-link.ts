"use client";

import { useEffect } from "react";
import { setSpareKey } from "~/ui/kept/spare-keys";
import { refundKeyIn } from "./refund-key";

/** How one kind of order keeps its keys; the same object at every call. */
export type Keys = { of: (orderId: string) => string | null; remember: (orderId: string, key: string) => void };

/** Moves an order's key from the link's fragment into this browser, and out of the address bar. */
export function useKeyFromLink(orderId: string, keys: Keys): void {
  useEffect(() => {
    const take = () => {
      const given = refundKeyIn(window.location.hash);
      if (given === null) return;
      if (keys.of(orderId) === null) keys.remember(orderId, given);
      else setSpareKey(orderId, given);
      window.history.replaceState(window.history.state, "", window.location.pathname);
    };
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [orderId, keys]);
}
