"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { problemOf } from "~/ui/api/problem";
import { problemWords } from "~/ui/api/problem-words";
import { useTRPC } from "~/ui/api/trpc";
import { Button } from "~/ui/controls/button";
import { ConfirmDialog } from "~/ui/controls/confirm-dialog";
import { Notice } from "~/ui/controls/notice";
import type { KnownSession } from "~/ui/known-sessions/known-sessions";
import { sessionTexts } from "~/ui/texts/sessions";

const t = sessionTexts.close;
type Props = { keys: KnownSession; text: string; onClosed: () => void };

/** Asks once more, then closes for good. */
export function CloseSession({ keys, text, onClosed }: Props) {
  const [asking, setAsking] = useState(false);
  const trpc = useTRPC();
  const close = useMutation(
    trpc.sessions.close.mutationOptions({
      onSuccess: () => {
        setAsking(false);
        onClosed();
      },
    }),
  );
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        {t.button}
      </Button>
      <ConfirmDialog
        open={asking}
        heading={t.heading}
        yes={t.yes}
        no={t.no}
        busy={close.isPending}
        onYes={() => close.mutate({ id: keys.sessionId, refundToken: keys.refundToken })}
        onNo={() => setAsking(false)}
      >
        <p>{text}</p>
        {close.isError && <Notice look="rue">{problemWords(problemOf(close.error))}</Notice>}
      </ConfirmDialog>
    </>
  );
}
