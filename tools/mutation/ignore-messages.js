// A message's words are not logic. Texts without a space between words (names, keys, codes) are mutated,
// and so is every template that computes something.
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

const isProse = (text) => /\p{L}{2}/u.test(text) && /\s/.test(text);

function isPlain(node) {
  if (node.type === "Identifier" || node.type === "ThisExpression") return true;
  if (node.type === "MemberExpression") return !node.computed && isPlain(node.object);
  return node.type === "CallExpression" && isPlain(node.callee) && node.arguments.every(isPlain);
}

function isMessage({ node }) {
  if (node.type === "StringLiteral") return isProse(node.value);
  if (node.type !== "TemplateLiteral") return false;
  const text = node.quasis.map(({ value }) => value.raw).join("");
  return isProse(text) && node.expressions.every(isPlain);
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, "messages", {
    shouldIgnore: (path) => (isMessage(path) ? "The words of a message." : undefined),
  }),
];
