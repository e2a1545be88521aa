import type { SyntaxNode, Tree } from "@lezer/common";

export type { SyntaxNode, Tree } from "@lezer/common";

/** A syntax tree with the text it stands for. */
export interface Parsed {
  readonly tree: Tree;
  readonly text: string;
}

/** All nodes of a tree, parents first. */
export function nodesOf({ tree }: Parsed): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  tree.iterate({ enter: ({ node }) => void nodes.push(node) });
  return nodes;
}

/** A node's children in the order of the text. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** What stands in the text for a node. */
export const wordOf = (node: SyntaxNode, { text }: Parsed): string => text.slice(node.from, node.to);
