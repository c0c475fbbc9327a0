import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import MarkdownText from "./markdown.tsx";

const rendered = (text: string) => renderToStaticMarkup(createElement(MarkdownText, { text }));

it("lists, emphasis and links are what they are meant to be", () => {
  const html = rendered(
    "# Contract\n\nAsk *twice*, [here](https://acme.example/a?b=1).\n\n- one\n- two\n",
  );
  expect(html).toContain("<h3>Contract</h3>");
  expect(html).toContain("<em>twice</em>");
  expect(html).toContain('<a href="https://acme.example/a?b=1" rel="noreferrer nofollow">here</a>');
  expect(html).toMatch(/<ul>\s*<li>one<\/li>\s*<li>two<\/li>\s*<\/ul>/);
});

it.each([
  '<img src=x onerror="alert(1)">',
  "<script>alert(1)</script>",
  'A <b onclick="alert(1)">word</b>.',
  '<iframe src="https://evil.example"></iframe>\n\ntext',
])("tags are text: %s", (text) => {
  const html = rendered(text);
  expect(html).not.toMatch(/<(img|script|b|iframe)\b/);
  expect(html).toContain("&lt;");
});

it.each([
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java&#115;cript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x][1]\n\n[1]: javascript:alert(1)",
  "<javascript:alert(1)>",
])("a link leads to no script: %s", (text) => {
  expect(rendered(text)).not.toMatch(/href="(?!https?:|mailto:|\/|#)/);
});

it("a picture is a link, and is not loaded", () => {
  const html = rendered("![Rack](https://spy.example/pixel.png)");
  expect(html).toContain(
    '<a href="https://spy.example/pixel.png" rel="noreferrer nofollow">Rack</a>',
  );
  expect(html).not.toContain("<img");
});
