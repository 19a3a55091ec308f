import type { Metadata } from "next";
import { PoolPage } from "~/ui/pool/pool-page";
import { texts } from "~/ui/texts";

export const metadata: Metadata = { title: texts.pool.pageTitle, description: texts.pool.leadUnknown };

export default function Page() {
  return <PoolPage />;
}
