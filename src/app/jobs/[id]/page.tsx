import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isOrderId } from "~/core/ids";
import { JobPage } from "~/ui/job/job-page";
import { texts } from "~/ui/texts";

// Who has the link may read the job: no search engine shall.
export const metadata: Metadata = { title: texts.job.pageTitle, robots: { index: false, follow: false } };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!isOrderId(id)) notFound();
  return <JobPage jobId={id} />;
}
