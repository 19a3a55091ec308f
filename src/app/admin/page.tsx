import type { Metadata } from "next";
import { AdminPage } from "~/ui/admin/admin-page";
import { adminTexts } from "~/ui/texts/admin";

export const metadata: Metadata = { title: adminTexts.pageTitle, robots: { index: false } };

export default function Page() {
  return <AdminPage />;
}
