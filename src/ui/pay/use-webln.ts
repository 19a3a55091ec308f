"use client";

import { useCallback, useEffect, useState } from "react";

/** WebLN, as far as paying needs it: https://www.webln.guide */
type WebLn = { enable(): Promise<unknown>; sendPayment(paymentRequest: string): Promise<unknown> };
export type WalletTurn = "idle" | "asking" | "sent" | "refused";

/** Extensions put themselves into the page whenever they are ready. */
const LOOK_EVERY_MS = 500;
const LOOK_FOR_MS = 15_000;

function findWebLn(): WebLn | null {
  const found = (window as { webln?: Partial<WebLn> }).webln;
  return typeof found?.enable === "function" && typeof found.sendPayment === "function" ? (found as WebLn) : null;
}

/** The browser's Lightning wallet, when there is one, also when it comes late. */
export function useWebLn(paymentRequest: string): { pay: (() => void) | null; turn: WalletTurn } {
  const [webln, setWebLn] = useState<WebLn | null>(null);
  const [turn, setTurn] = useState<WalletTurn>("idle");

  useEffect(() => {
    const look = () => setWebLn(findWebLn());
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    const enough = setTimeout(() => clearInterval(timer), LOOK_FOR_MS);
    document.addEventListener("webln:ready", look);
    return () => {
      clearInterval(timer);
      clearTimeout(enough);
      document.removeEventListener("webln:ready", look);
    };
  }, []);

  const pay = useCallback(async () => {
    if (!webln) return;
    setTurn("asking");
    try {
      await webln.enable();
      await webln.sendPayment(paymentRequest);
      setTurn("sent");
    } catch {
      setTurn("refused");
    }
  }, [webln, paymentRequest]);

  return { pay: webln ? () => void pay() : null, turn };
}
