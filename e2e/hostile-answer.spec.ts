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

test.use({ expectedErrors: /jobs\.watch|503/ });

test("hostile Markdown is only text: no script, no request, two kinds of links", async ({ page }) => {
  const url = await ask(page, "Something innocent");
  await payForAll(page);
  await seeState(page, "complete");

  // From here on the server is played: the feed is down, and the answer is the poisoned one.
  await page.route(/jobs\.watch/, (route) => route.fulfill({ status: 503, body: "" }));
  await page.route(/jobs\.get/, async (route) => {
    const response = await route.fetch();
    const body = JSON.parse(
      (await response.text()).replace(/"result":"(?:[^"\\]|\\.)*"/, `"result":${JSON.stringify(HOSTILE)}`),
    );
    await route.fulfill({ response, json: body });
  });
  await page.goto(url);
  const answer = page.locator("section:has(> h2#answer-heading)");
  await expect(answer.getByRole("heading", { name: "A poisoned answer" })).toBeVisible();

  await expect(answer.locator("script, img, iframe, input, svg[onload], [onerror]")).toHaveCount(0);
  const links = answer.locator("a");
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute("href", "https://example.org/page");
  await expect(links).toHaveAttribute("rel", "noopener noreferrer nofollow");
  expect(await page.evaluate(() => (window as { harmed?: string }).harmed)).toBeUndefined();
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over).toBeLessThanOrEqual(0);
});
