import type { Metadata } from "next";
import { AdminPage } from "~/ui/admin/admin-page";
import { texts } from "~/ui/texts";

export const metadata: Metadata = { title: texts.admin.pageTitle, robots: { index: false } };

export default function Page() {
  return <AdminPage />;
}
