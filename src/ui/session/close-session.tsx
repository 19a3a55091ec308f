"use client";

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
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
  const question = useRef<HTMLDialogElement>(null);
  const trpc = useTRPC();
  const close = useMutation(
    trpc.sessions.close.mutationOptions({
      onSuccess: () => {
        question.current?.close();
        onClosed();
      },
    }),
  );
  return (
    <>
      <Button look="quiet" onClick={() => question.current?.showModal()}>
        {t.button}
      </Button>
      <ConfirmDialog
        dialog={question}
        heading={t.heading}
        yes={t.yes}
        no={t.no}
        busy={close.isPending}
        onYes={() => close.mutate({ id: keys.sessionId, refundToken: keys.refundToken })}
      >
        <p>{text}</p>
        {close.isError && <Notice look="rue">{problemWords(problemOf(close.error))}</Notice>}
      </ConfirmDialog>
    </>
  );
}
