import type { Metadata } from "next";
import { BootstrapPage } from "~/ui/node/bootstrap-page";
import { texts } from "~/ui/texts";

export const metadata: Metadata = { title: texts.bootstrap.pageTitle, description: texts.bootstrap.lead };

export default function Page() {
  return <BootstrapPage />;
}
