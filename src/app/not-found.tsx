import type { Metadata } from "next";
import { LostPage } from "~/ui/controls/lost-page";
import { texts } from "~/ui/texts";

export const metadata: Metadata = { title: texts.lost.pageTitle, robots: { index: false } };

export default function NotFound() {
  return <LostPage {...texts.lost.page} />;
}
