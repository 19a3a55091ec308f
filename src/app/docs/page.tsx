import type { Metadata } from "next";
import { DocsPage } from "~/ui/docs/docs-page";
import { texts } from "~/ui/texts";

export const metadata: Metadata = { title: texts.docs.pageTitle };

export default function Page() {
  return <DocsPage />;
}
