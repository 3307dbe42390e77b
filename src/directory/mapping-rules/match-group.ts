import { foldCase } from '../../kernel/fold.js';
import type { MappingRule } from './mapping-rule.js';

/** Whether a rule speaks of a group, compared without regard to case (as names of teams are). */
export function matchesGroup(rule: Pick<MappingRule, 'groupName' | 'match'>, groupName: string): boolean {
  const wanted = foldCase(rule.groupName);
  const name = foldCase(groupName);
  return rule.match === 'exact' ? wanted === name : matchesGlob(wanted, name);
}

/**
 * Whether `text` has the form of a pattern in which `*` stands for any text, none included. Each part is searched once,
 * after the one before it: no pattern makes it go back.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
