/** What everything costs, and what does not come back. */
export const pricingTexts = {
  pageTitle: "What it costs",
  heading: "What it costs",
  from: "from",
  lead: "You see every price before you pay. A price for work is a ceiling: whatever the work does not use comes back to you.",
  loading: "Working out the prices…",
  failed: "The prices cannot be worked out just now. Retrying by itself.",
  table: {
    caption: "Prices at this moment",
    length: "Length of your request",
    job: "As a single job, at most",
    session: "In a session, at most",
    upTo: (characters: string) => `up to ${characters} characters`,
  },
  judging: {
    heading: "Having it judged",
    text: (fee: string) =>
      `${fee} for a single job. In a session, judging is part of the price, and a request that is turned down costs at most that.`,
  },
  session: {
    heading: "A session",
    text: (least: string, most: string) =>
      `Any deposit from ${least} to ${most}. Opening and closing it costs nothing.`,
    link: "Open a session",
  },
  node: {
    heading: "A node of your own",
    text: (fee: string) => `${fee} for a whole Bitcoin and Lightning node, set up for you.`,
    link: "What you get",
  },
  free: {
    heading: "Free",
    text: "Reading what you paid for, claiming your change, and, once you are trusted, work that the generosity pool pays for.",
    link: "The generosity pool",
  },
  how: {
    heading: "How a price is worked out",
    text: "What the models cost for the longest answer, plus a share of the servers, plus our margin, at this minute's price of bitcoin. Rounded up to a whole sat.",
    judge: "The judge, per million tokens in / out",
    work: "The worker, per million tokens in / out",
    infra: "Servers, per request",
    margin: "Margin",
    btc: "Price of one bitcoin",
    share: "To the generosity pool, of what you are charged for work",
    inOut: (input: string, output: string) => `${input} / ${output}`,
  },
  kept: {
    heading: "What does not come back",
    items: (fee: string) => [
      `The fee for judging a single job, ${fee}: it pays the judge even if the request is turned down or you stop there.`,
      "What the work really cost, as the receipt shows it.",
      "In a session: the judging of a request that was turned down.",
    ],
    backHeading: "What always comes back",
    back: [
      "What the work did not use of its price.",
      "Everything you paid for work that failed.",
      "What arrives too late, or twice.",
      "What is left in a session when you close it.",
    ],
    never: "What is owed to you never lapses, and we pay the routing fee when it is paid out.",
  },
} as const;
