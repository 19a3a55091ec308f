import "@fontsource/cinzel/latin-600.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { ApiProvider } from "~/ui/api/api-provider";
import { texts } from "~/ui/texts";
import "./globals.css";

export const metadata: Metadata = {
  // Only ever a base for icons and previews: pages name no address of their own.
  metadataBase: new URL("http://localhost:3000"),
  title: { default: texts.site.name, template: `%s · ${texts.site.name}` },
  description: texts.site.description,
  icons: { icon: "/icon.svg", apple: "/apple-touch-icon.png" },
  referrer: "no-referrer",
  formatDetection: { telephone: false, email: false, address: false, date: false },
};

export const viewport: Viewport = { themeColor: "#0e1126", width: "device-width", initialScale: 1 };

/** Made for each request: its scripts carry the nonce of the answer's Content-Security-Policy. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        <ApiProvider>{children}</ApiProvider>
      </body>
    </html>
  );
}
