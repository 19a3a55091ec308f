/** Five, seven and five syllables each: any three make a haiku. */
const FIRST = ["Lightning finds a way", "An old wizard nods", "Candle, crystal, quill", "Smoke above the roof"];
const SECOND = [
  "your question sleeps in the glass",
  "a small coin hums on the desk",
  "the ravens pretend to read",
  "no model woke to hear this",
];
const THIRD = ["keep the change, my friend", "patience, friend, and tea", "the kettle agrees", "wisdom was on lunch"];

const SUBJECT_CHARACTERS = 60;

/** The same request always gets the same answer. Markdown; it says that it is canned before anything else. */
export function cannedAnswer(request: string): string {
  const seed = fingerprint(request);
  return `> **This is a canned answer (simulated).** No model has read your request, since no model key is set here.

Ah. *${subject(request)}.* I have seen kingdoms lost over less, and kettles boiled over more.

${pick(FIRST, seed)},\\
${pick(SECOND, seed >>> 4)},\\
${pick(THIRD, seed >>> 8)}.

What would happen with a real apprentice at the desk:

1. The request goes to a **strong model**, word for word.
2. The answer comes back in pieces, as this one did.
3. You are charged what it really cost, and the rest is yours again.

So the bill below is genuine arithmetic on pretended tokens. Wizards are honest about such things. *Mostly about such things.*

— Timmy
`;
}

/** A few sentences, as a free taste is; it too says first that it is canned. */
export const cannedTaste = (request: string): string =>
  `> **This is a canned answer (simulated).** No model has read your request.

Ah. *${subject(request)}.* ${pick(FIRST, fingerprint(request))}, and I would tell you more if a model were awake.
`;

/** What Timmy says while no model is awake: banter, which promises nothing and pretends to no knowledge. */
const REMARKS = [
  "Hm. The crystal ball is clouded tonight, but the kettle agrees with you.",
  "I knew a dragon who said the very same. It ended in tea, as most things do.",
  "Well met. Mind the third step, and do not feed the ravens: they have accounts.",
  "The stars are silent on that. The ledger never is, so I trust the ledger.",
  "A fine thought. Write it on an order slip, and I will give it the good ink.",
  "Lightning is quick, wisdom is slow. You have come to the place where they meet.",
  "Ask me for a haiku some time. Poems are cheap, and they keep the embers going.",
  "My beard says yes, my books say perhaps. I go by the books.",
] as const;

/** One of a few remarks, always the same for the same line. */
export const cannedRemark = (line: string): string => pick(REMARKS, fingerprint(line));

/** The request as a few plain words: nothing in it may become Markdown of ours. */
function subject(request: string): string {
  const words = request
    .replaceAll(/[^\p{Letter}\p{Mark}\p{Number} ,'?!-]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[ ,'?!-]+|[ ,'?!-]+$/g, "");
  const characters = [...words];
  if (characters.length === 0) return "A question without words";
  const short = characters.slice(0, SUBJECT_CHARACTERS).join("").trim();
  return characters.length > SUBJECT_CHARACTERS ? `${short} …` : short;
}

/** FNV-1a, 32 bits: spreads requests over the verses, no more is asked of it. */
function fingerprint(text: string): number {
  return new TextEncoder().encode(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}

const pick = (verses: readonly string[], seed: number): string => verses[seed % verses.length] ?? "";
