"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useTRPCClient } from "~/ui/api/trpc";
import type { NodeOrder } from "./use-node";

/** `late`: already given out elsewhere. `silence`: no answer came, so it may have been given out and lost. */
type Trouble = "late" | "silence";

/** Takes the private key, when told to and not before. It is kept in this page's memory alone. */
export function usePrivateKey({ known: { bootstrapJobId, refundToken }, lookNow }: NodeOrder) {
  const client = useTRPCClient();
  const [pem, setPem] = useState<string | null>(null);
  const [taking, setTaking] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const underWay = useRef(false);

  const take = useCallback(async () => {
    if (underWay.current) return;
    underWay.current = true;
    setTaking(true);
    setTrouble(null);
    try {
      // The one call that uses the key up; never repeated by itself.
      const { sshPrivateKey } = await client.bootstrap.get.query({ bootstrapJobId }, { context: { refundToken } });
      if (sshPrivateKey === undefined) setTrouble("late");
      else setPem(sshPrivateKey);
    } catch {
      setTrouble("silence");
    } finally {
      underWay.current = false;
      setTaking(false);
      lookNow();
    }
  }, [client, bootstrapJobId, refundToken, lookNow]);

  // Whoever leaves with the key unsaved is asked by the browser first.
  const inHand = pem !== null;
  useEffect(() => {
    if (!inHand) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [inHand]);

  return { pem, taking, trouble, take, forget: () => setPem(null) };
}
