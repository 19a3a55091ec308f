import type { Locator, Page } from "@playwright/test";
import { HOSTILE_ANSWERS } from "../src/testing/hostile-answers";
import { expect, test } from "./fixtures";
import { ask, payForAll, seeState } from "./job-steps";

/** What a model that was turned against its visitors might write. */
const HOSTILE = `# A poisoned answer

<script>window.harmed = "script"</script>
<img src="http://evil.example/a.png" onerror="window.harmed = 'img'">
<iframe src="http://evil.example/"></iframe>

![pixel](http://evil.example/pixel.png) ![](data:image/svg+xml,<svg/onload=alert(1)>)

[one](javascript:window.harmed='link') [two](data:text/html,<script>1</script>) [three](//evil.example/x)
[four](vbscript:x) <javascript:window.harmed='auto'> [five](/api/admin) [good](https://example.org/page)

- [ ] a box

| ${"wide ".repeat(60)} | b |
| --- | --- |
| ${"w".repeat(400)} | 2 |

\`\`\`
${"long line ".repeat(80)}
\`\`\`

${"unbroken".repeat(80)}
`;

/**
 * All attacks that are known, in one answer (src/ui/answer/safe-markdown.test.ts tries each by itself). Each is a line of its
 * own, within a paragraph, so that none of them swallows those that follow.
 */
const ALL_OF_THEM = `# Everything at once\n\n${Object.values(HOSTILE_ANSWERS)
  .filter((attack) => attack.length < 5_000)
  .map((attack) => `Now: ${attack.replaceAll("```", "").replace(/\s*\n\s*/g, " ")}`)
  .join("\n\n")}`;

const NAMES =
  "a blockquote br code del div em h3 h4 h5 h6 hr li ol p pre section span strong sup table tbody td th thead tr ul".split(
    " ",
  );
const ATTRIBUTES = "class href rel start style tabindex target".split(" ");

/** What of the page's own elements an answer must not become, and where its links lead. */
const look = (answer: Locator) =>
  answer
    .locator("> div")
    .first()
    .evaluate(
      (text, { names, attributes }) => {
        const all = [...text.querySelectorAll("*")];
        return {
          strangers: all.filter((it) => !names.includes(it.localName)).map((it) => it.outerHTML),
          strange: all
            .filter((it) => [...it.attributes].some(({ name }) => !attributes.includes(name)))
            .map((it) => it.outerHTML),
          schemes: [...new Set([...text.querySelectorAll("a")].map((it) => new URL(it.href).protocol))].sort(),
          inside: [...text.querySelectorAll("a")].filter((it) => it.host === location.host).map((it) => it.outerHTML),
        };
      },
      { names: NAMES, attributes: ATTRIBUTES },
    );

/** From here on the server is played: the feed is down, and the answer is what the visitor shall be harmed by. */
async function answerWith(page: Page, hostile: string): Promise<void> {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.route(/jobs\.watch/, (route) => route.fulfill({ status: 503, body: "" }));
  await page.route(/jobs\.get/, async (route) => {
    const response = await route.fetch();
    const result = JSON.stringify(hostile);
    const body = JSON.parse((await response.text()).replace(/"result":"(?:[^"\\]|\\.)*"/, () => `"result":${result}`));
    await route.fulfill({ response, json: body });
  });
}

test.use({ expectedErrors: /jobs\.watch|503/ });

test("hostile Markdown is only text: no script, no request, two kinds of links", async ({ page }) => {
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const url = await ask(page, "Something innocent");
  await payForAll(page);
  await seeState(page, "complete");

  await answerWith(page, HOSTILE);
  await page.goto(url);
  const answer = page.locator("section:has(> h2#answer-heading)");
  await expect(answer.getByRole("heading", { name: "A poisoned answer" })).toBeVisible();
  await expect(answer.locator("script, img, iframe, input, svg[onload], [onerror]")).toHaveCount(0);
  const links = answer.locator("a");
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute("href", "https://example.org/page");
  await expect(links).toHaveAttribute("rel", "noopener noreferrer nofollow");
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over).toBeLessThanOrEqual(0);

  await answerWith(page, ALL_OF_THEM);
  await page.reload();
  await expect(answer.getByRole("heading", { name: "Everything at once" })).toBeVisible();
  expect(await look(answer)).toEqual({ strangers: [], strange: [], schemes: ["http:", "https:"], inside: [] });
  expect(await page.evaluate(() => (window as { harmed?: string }).harmed)).toBeUndefined();
  expect(dialogs).toEqual([]);
});
