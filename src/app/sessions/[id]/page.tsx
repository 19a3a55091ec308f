import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isOrderId } from "~/core/ids";
import { SessionPage } from "~/ui/session/session-page";
import { sessionTexts } from "~/ui/texts/sessions";

export const metadata: Metadata = { title: sessionTexts.page.title, robots: { index: false, follow: false } };

// Only the holder of its keys may ask whether the session exists: the page asks, with the keys that the browser keeps.
export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!isOrderId(id)) notFound();
  return <SessionPage sessionId={id} />;
}
