import type { Metadata } from "next";
import { BootstrapPage } from "~/ui/node/bootstrap-page";
import { bootstrapTexts } from "~/ui/texts/bootstrap";

export const metadata: Metadata = { title: bootstrapTexts.pageTitle, description: bootstrapTexts.lead };

export default function Page() {
  return <BootstrapPage />;
}
