"use client";

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import type { JobView } from "~/modules/jobs/job-schema";
import { problemOf } from "~/ui/api/problem";
import { problemWords } from "~/ui/api/problem-words";
import { useTRPCClient } from "~/ui/api/trpc";
import { Button } from "~/ui/controls/button";
import { ConfirmDialog } from "~/ui/controls/confirm-dialog";
import { CopyButton } from "~/ui/controls/copy-button";
import { Notice } from "~/ui/controls/notice";
import { forgetTitle } from "~/ui/known-jobs/known-jobs";
import { linkTo, linkWithRefundKey } from "~/ui/known-jobs/refund-key";
import { withRefundKey } from "~/ui/known-jobs/with-refund-key";
import { PageFoot } from "~/ui/site/page-foot";
import { texts } from "~/ui/texts";

const t = texts.more;
type Props = { job: JobView; refundToken: string | null; lookNow: () => void };
/** What is under way still needs its text. */
const OVER: readonly JobView["state"][] = ["complete", "rejected", "failed", "expired", "cancelled"];

/** The foot of the page: links back to it, and deleting the text. */
export function JobActions({ job, refundToken, lookNow }: Props) {
  const hasText = job.request !== undefined && OVER.includes(job.state);
  return (
    <PageFoot>
      <CopyButton look="quiet" text={() => linkTo(window.location.origin, job.jobId)}>
        {t.copyLink}
      </CopyButton>
      {refundToken !== null && (
        <>
          <CopyButton look="quiet" text={() => linkWithRefundKey(window.location.origin, job.jobId, refundToken)}>
            {t.copyKeyLink}
          </CopyButton>
          {hasText && <DeleteTexts jobId={job.jobId} refundToken={refundToken} onDeleted={lookNow} />}
          <small>{t.keyLinkNote}</small>
        </>
      )}
    </PageFoot>
  );
}

function DeleteTexts(props: { jobId: string; refundToken: string; onDeleted: () => void }) {
  const { jobId, refundToken, onDeleted } = props;
  const question = useRef<HTMLDialogElement>(null);
  const client = useTRPCClient();
  const deletion = useMutation({
    mutationFn: () =>
      withRefundKey(jobId, refundToken, (token) => client.jobs.deleteText.mutate({ jobId, refundToken: token })),
    onSuccess: () => {
      question.current?.close();
      forgetTitle(jobId);
      onDeleted();
    },
  });
  return (
    <>
      <Button look="quiet" onClick={() => question.current?.showModal()}>
        {t.delete}
      </Button>
      <ConfirmDialog
        dialog={question}
        heading={t.deleteHeading}
        yes={t.deleteYes}
        no={t.deleteNo}
        busy={deletion.isPending}
        onYes={() => deletion.mutate()}
      >
        <p>{t.deleteText}</p>
        {deletion.isError && <Notice look="rue">{problemWords(problemOf(deletion.error))}</Notice>}
      </ConfirmDialog>
    </>
  );
}
