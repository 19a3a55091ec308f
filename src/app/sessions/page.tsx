import type { Metadata } from "next";
import { SessionsPage } from "~/ui/session/sessions-page";
import { texts } from "~/ui/texts";

export const metadata: Metadata = { title: texts.sessions.pageTitle, description: texts.sessions.lead };

export default function Page() {
  return <SessionsPage />;
}
