import localFont from "next/font/local";

/** For figures. Unlike the package's own, fetched only when the first one is there: it does not hold up the words. */
export const monoFont = localFont({
  src: "../../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  fallback: ["ui-monospace", "SFMono-Regular", "Menlo", "Liberation Mono", "DejaVu Sans Mono", "monospace"],
  adjustFontFallback: false,
  preload: false,
});
