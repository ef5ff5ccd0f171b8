/** Returns a difference with the named namespace of its object, which its text ends with. @internal */
export function inNetns<D extends { readonly text: string }>(difference: D, netns: string | undefined): D & { readonly netns?: string } {
  return netns === undefined ? difference : { ...difference, netns, text: marked(difference.text, netns) };
}

/** Returns a line of a plan with the named namespace at its end. @internal */
export function marked(text: string, netns: string | undefined): string {
  return netns === undefined ? text : `${text} [${netns}]`;
}
