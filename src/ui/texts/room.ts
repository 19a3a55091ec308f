/** Words of the room at `/`. */
export const room = {
  tabsLabel: "What you are doing",
  tabs: { hire: "Hire", session: "Session", receipt: "Receipt", log: "Log" },
  visitors: (count: number) => (count <= 1 ? "Only you are here" : `${count} are here`),
  connection: {
    connecting: "Coming in…",
    live: "Live",
    lost: "The door is stuck. Retrying by itself",
  },
  greeting: "Well met. Talk to me for nothing, or hire me for a few sats.",
  thinking: "Timmy is thinking",
  say: {
    label: "Say something to Timmy",
    placeholder: "Say something to Timmy…",
    button: "Say it",
    everybody: "Everybody in the room can read it.",
    failed: "That did not reach Timmy. Your words are still here: try again.",
  },
  helpers: {
    label: "Who is at work",
    names: { timmy: "Timmy", alpha: "Alpha", beta: "Beta", gamma: "Gamma", delta: "Delta" },
    doing: { alpha: "judging", beta: "at work", gamma: "thinking", delta: "counting" },
    idle: "resting",
  },
  log: {
    heading: "What was said",
    empty: "Nothing has been said yet. Timmy likes a good evening.",
    visitor: "A visitor",
    you: "You",
    onlyYou: "to you alone",
  },
  receipt: {
    heading: "Your last receipt",
    empty: "No receipt yet. When a job is done, its slip appears here.",
    loading: "Looking for your last receipt…",
    see: "See the receipt",
  },
  job: {
    ownPage: "Open on its own page",
    another: "Ask for something else",
  },
} as const;
