import Markdown, { sanitizer, type MarkdownToJSX } from "markdown-to-jsx/react";
import { createElement, type ReactNode } from "react";
import classes from "./markdown.module.css";

/** Below the headings of a page. */
function heading(level: number) {
  return function Heading({ children }: { children?: ReactNode }) {
    return createElement(`h${Math.min(level + 2, 6)}`, null, children);
  };
}

function OutwardLink({ href, children }: { href?: string; children?: ReactNode }) {
  return (
    <a href={href} rel="noreferrer nofollow">
      {children}
    </a>
  );
}

/** A picture is a link: to load it would tell its server who reads the page. */
function Picture({ src, alt }: { src?: string; alt?: string }) {
  return <OutwardLink {...(src && { href: src })}>{alt ? alt : src}</OutwardLink>;
}

const options: MarkdownToJSX.Options = {
  disableParsingRawHTML: true,
  forceBlock: true,
  // Only what leads to a page or a letter: the text comes from other people and other systems.
  sanitizer: (value) => (/^(https?:|mailto:|\/|#)/i.test(value) ? sanitizer(value) : null),
  overrides: {
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, heading(level)])),
    a: OutwardLink,
    img: Picture,
  },
};

/** A text of Markdown as it is meant; tags in it are text. */
export default function MarkdownText({ text }: { text: string }) {
  return (
    <div className={classes.markdown}>
      <Markdown options={options}>{text}</Markdown>
    </div>
  );
}
