import { memo, type ReactElement } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { texts } from "~/ui/texts";
import styles from "./safe-markdown.module.css";
import { isTangled, refuseDepth } from "./tangled";

/** A model's output is not trusted: only these two kinds of address ever become a link. */
const httpOnly = (url: string): string => (/^https?:\/\//i.test(url) && isAddress(url) ? url : "");

function isAddress(url: string): boolean {
  try {
    return new URL(url).host !== "";
  } catch {
    return false;
  }
}

/** All that an answer can become; of anything else only the text is kept. */
const ELEMENTS =
  "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr img input li ol p pre section strong sup table tbody td th thead tr ul".split(
    " ",
  );

/** They make everything after them read backwards, so that a text or a link looks like another. */
const OVERRIDES = /[\u202d\u202e]/g;

/**
 * Nothing is loaded from elsewhere, headings stay below the page's own, what scrolls can be reached by keyboard, and no
 * element has a name or a class of the model's choice.
 */
const COMPONENTS: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} rel="noopener noreferrer nofollow" target="_blank">
        {children}
        <span className="for-screen-readers"> ({texts.common.newTab})</span>
      </a>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt }) => (alt ? <span className={styles.picture}>[{alt}]</span> : null),
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
  code: ({ children }) => <code>{children}</code>,
  // Its class is the library's: a list of boxes.
  li: ({ children, className }) => <li className={className}>{children}</li>,
  section: ({ children }) => <section>{children}</section>,
  // The box of a task list is a sign, nothing to click.
  input: ({ checked }) => <span>{checked ? "☑" : "☐"}</span>,
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre tabIndex={0}>{children}</pre>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.table} tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
};

/**
 * Model output as Markdown: no HTML, no images, http(s) links only. What cannot be rendered without harm to the page
 * is shown as it was written.
 */
export const SafeMarkdown = memo(function SafeMarkdown({ text }: { text: string }) {
  const shown = text.replace(OVERRIDES, "");
  return <div className={styles.markdown}>{inMarkdown(shown) ?? <div className={styles.asWritten}>{shown}</div>}</div>;
});

/** Called, not rendered, since it has no state: what it throws is caught here, before any of it is on the page. */
function inMarkdown(text: string): ReactElement | null {
  if (isTangled(text)) return null;
  try {
    return Markdown({
      children: text,
      remarkPlugins: [remarkGfm, refuseDepth],
      components: COMPONENTS,
      urlTransform: httpOnly,
      allowedElements: ELEMENTS,
      unwrapDisallowed: true,
      skipHtml: true,
    });
  } catch {
    return null;
  }
}
