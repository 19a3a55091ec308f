import type { MetadataRoute } from "next";
import { texts } from "~/ui/texts";

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: texts.site.name,
    short_name: "Timmy",
    description: texts.site.description,
    start_url: "/",
    display: "standalone",
    background_color: "#0e1126",
    theme_color: "#0e1126",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
      { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
}
