import type { Metadata } from "next";
import { LostPage } from "~/ui/controls/lost-page";
import { lost } from "~/ui/texts/lost";

export const metadata: Metadata = { title: lost.pageTitle, robots: { index: false } };

export default function NotFound() {
  return <LostPage {...lost.page} />;
}
