import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config";

// `npm run shots`: every page in every state, as pictures in shots/ to look at. A page that does not get there fails.
export default defineConfig(journeys, {
  testMatch: "**/*.shots.ts",
  outputDir: "test-results/shots",
  reporter: "list",
  timeout: 300_000,
  // What moves would be caught half-way.
  use: { contextOptions: { reducedMotion: "reduce" }, trace: "off", screenshot: "off" },
});
