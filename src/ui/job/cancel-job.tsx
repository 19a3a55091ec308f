"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
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
  const [asking, setAsking] = useState(false);
  const client = useTRPCClient();
  const { jobId } = job;
  const cancel = useMutation({
    mutationFn: () =>
      withRefundKey(jobId, refundToken, (token) => client.jobs.cancel.mutate({ jobId, refundToken: token })),
    onSuccess: () => {
      setAsking(false);
      onCancelled();
    },
  });
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        {t.cancel}
      </Button>
      <ConfirmDialog
        open={asking}
        heading={t.cancelHeading}
        yes={t.cancelYes}
        no={t.cancelNo}
        busy={cancel.isPending}
        onYes={() => cancel.mutate()}
        onNo={() => setAsking(false)}
      >
        <p>{t.cancelText}</p>
        {cancel.isError && <Notice look="rue">{problemWords(problemOf(cancel.error))}</Notice>}
      </ConfirmDialog>
    </>
  );
}
