import "@fontsource-variable/geist/wght.css";
import "@fontsource-variable/geist-mono/wght.css";
import localFont from "next/font/local";

// The fonts come with the page, but only their Latin letters, 53 kB; other letters are loaded when there are any.
export const textFont = localFont({
  src: "../../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  variable: "--font-geist-sans",
  weight: "100 900",
  fallback: ["Geist Variable", "system-ui", "sans-serif"],
});

export const monoFont = localFont({
  src: "../../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  fallback: ["Geist Mono Variable", "ui-monospace", "monospace"],
  adjustFontFallback: false,
});
