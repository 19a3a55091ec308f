import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isOrderId } from "~/core/ids";
import { handleApiRequest } from "~/server/face";
import { JobPage } from "~/ui/job/job-page";
import { texts } from "~/ui/texts";

// Whoever has the link may read the job, but no search engine should.
export const metadata: Metadata = { title: texts.job.pageTitle, robots: { index: false, follow: false } };
export const dynamic = "force-dynamic";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!isOrderId(id) || (await isUnknown(id))) notFound();
  return <JobPage jobId={id} />;
}

/** Only a clear no counts: if the server cannot tell just now, it is left to the page, which asks again. */
async function isUnknown(id: string): Promise<boolean> {
  const reply = await handleApiRequest(new Request(`http://localhost/api/jobs/${id}`)).catch(() => null);
  return reply?.status === 404;
}
