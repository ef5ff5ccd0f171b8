/*
 * Plain English, as far as a list of words can check it. Each term is a regular expression over words, and what to write
 * instead. The list is the floor, not the goal: docs/contributing/style.md holds the rules behind it.
 */

/** Terms that no document, comment, text or title may use. */
export const TERMS = [
  ['nobody|somebody|anybody|everybody|whoever|whomever', 'the actor: the kernel, the caller, the subscriber, the socket'],
  ['of (?:its|their|his) own accord', 'unsolicited'],
  ['(?:is|are|was|were|be|been) held against', 'is tested against'],
  ['hold(?:s|ing)? (?:\\w+ ){1,4}against', 'compare with'],
  ['without a word', 'silently'],
  ['but for', 'except'],
  ['(?<!\\bthere )is no(?= \\w)(?! (?:longer|more|different|better|worse|use)\\b)', 'is not a'],
  ['(?:is|are|was|were|be|been|being) (?:told|said)', 'fails with, receives, is notified'],
  ['tell|tells|told|telling', 'emit, notify, report'],
  ['say|says|said|saying', 'report, state, contain'],
  ['hear|hears|heard|hearing', 'receive'],
  ['silence|silences', 'no event, idle time'],
  ['refusal|refusals', 'error, rejection'],
  ['left out|leaves? out|leaving out', 'omitted, omit'],
  ['com(?:e|es|ing) late', 'late subscriber'],
  ['becomes? of|became of', 'result of'],
  ['by and by', 'later'],
  ['stands? there', 'is present'],
  [',? too(?=[,.;:)])', 'also'],
  ['takes no more', 'is full'],
  ['as if nothing', 'name the effect'],
  ['let(?:s|ting)? go of', 'release'],
  ['makes (?:its|their) peace', 'accepts'],
  ['has (?:its|their) (?:say|turn|way)', 'name the action'],
  ['must have been met', 'has been received'],
];

/** Words that a doc comment may not begin with: it begins with a verb in the third person, or with an article and a noun. */
export const STARTS = /^(?:what|who|whom|whose|how|whether|that)\b/i;

/** Parts of identifiers and file names that are metaphors, or that name no thing. */
export const PARTS = new Map([
  ['stranger', 'unlisted, unknown'],
  ['strangers', 'unlisted, unknown'],
  ['heritage', 'context, parent'],
  ['audience', 'subscribers'],
  ['shelf', 'group'],
  ['teller', 'emitter'],
  ['tell', 'emit, notify'],
  ['tells', 'emits, notifies'],
  ['told', 'notified'],
  ['hear', 'receive, collect'],
  ['heard', 'received, collected'],
  ['says', 'states'],
  ['said', 'stated'],
  ['restless', 'changing'],
  ['life', 'lifecycle'],
  ['who', 'the actor'],
  ['whoever', 'the actor'],
  ['nobody', 'none'],
  ['somebody', 'the actor'],
  ['silence', 'idle'],
  ['refusal', 'error, rejection'],
  ['refusals', 'errors, rejections'],
]);

const matcher = new RegExp(TERMS.map(([term]) => `((?<![\\w-])(?:${term})(?![\\w-]))`).join('|'), 'giu');

/** Finds the terms in a text: where each begins, its words, and what to write instead. */
export function findTerms(text) {
  return [...text.matchAll(matcher)].map((match) => {
    const place = match.slice(1).findIndex((group) => group !== undefined);
    return { index: match.index, found: match[0].trim(), instead: TERMS[place][1] };
  });
}

/** Finds the parts of an identifier or a file name that are in {@link PARTS}. */
export function findParts(identifier) {
  const words = identifier.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/u);
  return words.flatMap((word) => {
    const instead = PARTS.get(word.toLowerCase());
    return instead === undefined ? [] : [{ found: identifier, instead: `a name without '${word.toLowerCase()}': ${instead}` }];
  });
}
