"use client";

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import type { JobView } from "~/modules/jobs/job-schema";
import { problemOf } from "~/ui/api/problem";
import { problemWords } from "~/ui/api/problem-words";
import { useTRPCClient } from "~/ui/api/trpc";
import { Button } from "~/ui/controls/button";
import { ConfirmDialog } from "~/ui/controls/confirm-dialog";
import { Notice } from "~/ui/controls/notice";
import { withRefundKey } from "~/ui/known-jobs/with-refund-key";
import { texts } from "~/ui/texts";

const t = texts.pay;
type Props = { job: JobView; refundToken: string; onCancelled: () => void };

export function CancelJob({ job, refundToken, onCancelled }: Props) {
  const question = useRef<HTMLDialogElement>(null);
  const client = useTRPCClient();
  const { jobId } = job;
  const cancel = useMutation({
    mutationFn: () =>
      withRefundKey(jobId, refundToken, (token) => client.jobs.cancel.mutate({ jobId, refundToken: token })),
    onSuccess: () => {
      question.current?.close();
      onCancelled();
    },
  });
  return (
    <>
      <Button look="quiet" onClick={() => question.current?.showModal()}>
        {t.cancel}
      </Button>
      <ConfirmDialog
        dialog={question}
        heading={t.cancelHeading}
        yes={t.cancelYes}
        no={t.cancelNo}
        busy={cancel.isPending}
        onYes={() => cancel.mutate()}
      >
        <p>{t.cancelText}</p>
        {cancel.isError && <Notice look="rue">{problemWords(problemOf(cancel.error))}</Notice>}
      </ConfirmDialog>
    </>
  );
}
