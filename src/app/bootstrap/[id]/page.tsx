import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isOrderId } from "~/core/ids";
import { NodePage } from "~/ui/node/node-page";
import { bootstrapTexts } from "~/ui/texts/bootstrap";

export const metadata: Metadata = { title: bootstrapTexts.page.title, robots: { index: false, follow: false } };

// Only the holder of its key may ask whether the order exists: the page asks, with the key that the browser keeps.
export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!isOrderId(id)) notFound();
  return <NodePage bootstrapJobId={id} />;
}
