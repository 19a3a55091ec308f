import remend from "remend";

/** An answer that is still being written, with what is open at its end (`**bold`, a link, a fence) closed. */
export const closedForShow = (text: string): string => remend(text, { linkMode: "text-only", katex: false });
