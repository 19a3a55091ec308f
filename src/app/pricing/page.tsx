import type { Metadata } from "next";
import { PricingPage } from "~/ui/pricing/pricing-page";
import { texts } from "~/ui/texts";

export const metadata: Metadata = { title: texts.pricing.pageTitle, description: texts.pricing.lead };

export default function Page() {
  return <PricingPage />;
}
