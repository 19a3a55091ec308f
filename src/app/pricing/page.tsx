import type { Metadata } from "next";
import { PricingPage } from "~/ui/pricing/pricing-page";
import { pricingTexts } from "~/ui/texts/pricing";

export const metadata: Metadata = { title: pricingTexts.pageTitle, description: pricingTexts.lead };

export default function Page() {
  return <PricingPage />;
}
