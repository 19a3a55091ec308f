import type { Metadata } from "next";
import { DocsPage } from "~/ui/docs/docs-page";
import { docsTexts } from "~/ui/texts/docs";

export const metadata: Metadata = { title: docsTexts.pageTitle };

export default function Page() {
  return <DocsPage />;
}
