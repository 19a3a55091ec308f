import type { Metadata } from "next";
import { PoolPage } from "~/ui/pool/pool-page";
import { poolTexts } from "~/ui/texts/pool";

export const metadata: Metadata = { title: poolTexts.pageTitle, description: poolTexts.leadUnknown };

export default function Page() {
  return <PoolPage />;
}
