import "@fontsource/cinzel/latin-600.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { OWN_ORIGIN_HEADER } from "~/core/own-origin";
import { ApiProvider } from "~/ui/api/api-provider";
import { texts } from "~/ui/texts";
import "./globals.css";
import { monoFont, textFont } from "./fonts";

/** Previews are fetched by others, so their URLs must be absolute and begin with our public origin. */
export async function generateMetadata(): Promise<Metadata> {
  const origin = (await headers()).get(OWN_ORIGIN_HEADER) ?? "http://localhost:3000";
  const { name, description, preview } = texts.site;
  return {
    metadataBase: new URL(origin),
    title: { default: name, template: `%s · ${name}` },
    description,
    icons: { icon: "/icon.svg", apple: "/apple-touch-icon.png" },
    openGraph: {
      type: "website",
      siteName: name,
      images: [{ url: "/preview.png", width: 1200, height: 630, alt: preview }],
    },
    twitter: { card: "summary_large_image" },
    referrer: "no-referrer",
    formatDetection: { telephone: false, email: false, address: false, date: false },
  };
}

export const viewport: Viewport = {
  themeColor: "#0e1126",
  width: "device-width",
  initialScale: 1,
  // What sticks to the bottom stays above a phone's keyboard.
  interactiveWidget: "resizes-content",
};

/** Made for each request: its scripts carry the nonce of the answer's Content-Security-Policy. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  return (
    <html lang="en" className={`${textFont.variable} ${monoFont.variable}`}>
      <body>
        <ApiProvider>{children}</ApiProvider>
      </body>
    </html>
  );
}
