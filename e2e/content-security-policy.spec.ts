import { expect, test } from "./fixtures";

const PAGES = ["/", "/docs", "/jobs/00000000-0000-4000-8000-000000000000", "/nowhere"];

test.use({ expectedErrors: /404 \(Not Found\)|Content Security Policy/ });

for (const path of PAGES) {
  test(`${path}: only scripts with this answer's nonce run`, async ({ page, baseURL }) => {
    const policyOf = async () => {
      const answer = await fetch(`${baseURL}${path}`);
      const html = await answer.text();
      return { policy: answer.headers.get("content-security-policy") ?? "", html };
    };
    const [first, second] = [await policyOf(), await policyOf()];
    const scripts = /script-src 'self' 'nonce-([^']+)'/;
    const nonce = scripts.exec(first.policy)?.[1];
    expect(nonce).toBeTruthy();
    expect(scripts.exec(second.policy)?.[1]).not.toBe(nonce);
    expect(first.policy).not.toMatch(/script-src[^;]*unsafe/);
    for (const [tag] of first.html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);

    const violations: string[] = [];
    await page.exposeFunction("violated", (what: string) => violations.push(what));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
        (window as unknown as { violated(what: string): void }).violated(`${violatedDirective} ${blockedURI}`),
      );
    });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(violations, "what the page itself does").toEqual([]);

    // Whoever smuggles markup in gets no script out of it.
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'smuggled'";
      document.body.append(script);
    });
    await expect.poll(() => violations.join()).toContain("script-src-elem inline");
    expect(await page.title()).not.toBe("smuggled");
  });
}
