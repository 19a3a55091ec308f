"use client";

import { useMutation } from "@tanstack/react-query";
import { z } from "zod";

const Made = z.object({ paymentRequest: z.string() });

/** An invoice of a wallet that nobody has, where all money is play money: handed on as if it had been pasted. */
export function usePlayInvoice(amountSats: number, onMade: (paymentRequest: string) => void) {
  const making = useMutation({
    mutationFn: async () => {
      const answer = await fetch("/api/dev/stub/invoice", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ amountSats }),
      });
      if (!answer.ok) throw new Error(`no play invoice: ${answer.status}`);
      return Made.parse(await answer.json()).paymentRequest;
    },
    onSuccess: onMade,
  });
  return { make: () => making.mutate(), making: making.isPending, failed: making.isError };
}
