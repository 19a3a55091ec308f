import type { Metadata } from "next";
import { SessionsPage } from "~/ui/session/sessions-page";
import { sessionTexts } from "~/ui/texts/sessions";

export const metadata: Metadata = { title: sessionTexts.pageTitle, description: sessionTexts.lead };

export default function Page() {
  return <SessionsPage />;
}
