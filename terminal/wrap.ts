/** Lines of at most this width, broken after a space, a comma or a bracket where there is any. */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const last = text.slice(0, width).search(/[\s,)}\]][^\s,)}\]]*$/) + 1;
  const at = last > width / 2 ? last : width;
  return [text.slice(0, at).trimEnd(), ...wrap(text.slice(at).trimStart(), width)];
}
