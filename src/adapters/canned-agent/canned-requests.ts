/** Words in a request that make the canned agent show what else can happen. Upper or lower case, anywhere in the text. */
export const CANNED_REQUESTS = [
  { mark: "[reject]", shows: "The judge turns the request down, with a reason." },
  { mark: "[judge-fail]", shows: "The judge cannot be reached: fails when the time to evaluate is over." },
  { mark: "[nonsense]", shows: "The judge answers nonsense: fails after the second try." },
  { mark: "[fail]", shows: "The work breaks off half-way, each time: fails when the time to work is over." },
  { mark: "[refuse]", shows: "The work is refused by the model: fails at once." },
  { mark: "[empty]", shows: "The work brings an empty answer: fails at once." },
  { mark: "[truncate]", shows: "The answer stops at the limit of tokens, and says so." },
  { mark: "[slow]", shows: "The answer takes its time, so that the work can be watched." },
] as const;

export type CannedMark = (typeof CANNED_REQUESTS)[number]["mark"];

/** Whether a request asks for one of the rehearsed outcomes, in any letter case. */
export const asksFor = (request: string, mark: CannedMark): boolean => request.toLowerCase().includes(mark);
