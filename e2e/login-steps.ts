import type { Page } from "@playwright/test";
import { nostrSigner, type Unsigned } from "../src/testing/nostr-signer";
import { texts } from "../src/ui/texts";
import { loginTexts } from "../src/ui/texts/login";
import { expect } from "./fixtures";

const t = loginTexts;

type Mood = {
  /** When it puts itself into the page, in ms after the page began to load. */
  after?: number;
  /** How often it says no, or nothing at all, before it does what it is asked. */
  refusals?: number;
  silences?: number;
};

/** A NIP-07 extension in some mood, which signs with a key of its own. */
export async function extension(page: Page, mood: Mood = {}) {
  const signer = nostrSigner();
  const signed: Unsigned[] = [];
  await page.exposeFunction("extensionKey", () => signer.pubkey);
  await page.exposeFunction("extensionSign", (event: Unsigned) => {
    signed.push(event);
    return signer.sign(event);
  });
  await page.addInitScript(({ after = 0, refusals = 0, silences = 0 }: Mood) => {
    const bridge = window as unknown as {
      extensionKey: () => Promise<string>;
      extensionSign: (event: unknown) => Promise<unknown>;
    };
    let noes = refusals;
    let nothings = silences;
    const nostr = {
      getPublicKey: async () => {
        if (nothings-- > 0) return new Promise(() => {});
        if (noes-- > 0) throw new Error("User rejected");
        return bridge.extensionKey();
      },
      signEvent: (event: unknown) => bridge.extensionSign(event),
    };
    setTimeout(() => Object.assign(window, { nostr }), after);
  }, mood);
  return { signer, signed };
}

export const dialog = (page: Page) => page.getByRole("dialog");

/** On a phone the way in is behind the menu. */
export async function openMenu(page: Page): Promise<void> {
  const menu = page.getByRole("button", { name: texts.siteNav.menu });
  if ((await menu.isVisible()) && (await menu.getAttribute("aria-expanded")) === "false") await menu.click();
}
export async function beginLogin(page: Page): Promise<void> {
  await openMenu(page);
  await page.getByRole("button", { name: t.button, exact: true }).click();
  await dialog(page).getByRole("button", { name: t.start }).click();
}
export async function seeProfile(page: Page, tier: keyof typeof t.tiers) {
  await openMenu(page);
  await expect(page.getByRole("button", { name: t.profile.open(t.tiers[tier]) })).toBeVisible();
}
