import { OnDenied } from '../../auth/authorized.js';
import type { Rule } from './rule.js';

/** A rule in plain words, such as `ADMIN or SUPPORT, or the owner; with scope a and b`. */
export function requirementOf(rule: Rule): string {
  const ways = [
    ...(rule.roles.length > 0 ? [either(rule.roles)] : []),
    ...(rule.owner ? ['the owner'] : []),
    ...(rule.self === undefined ? [] : [`oneself as \`${rule.self}\``]),
  ];
  return [
    (ways.length === 0 ? ['a signed-in person'] : ways)
      .concat(rule.clients ? 'any machine client' : [])
      .join(', or '),
    ...scopePartOf(rule),
    ...(rule.onDenied === OnDenied.NULL ? ['null otherwise'] : []),
  ].join('; ');
}

function scopePartOf(rule: Rule): readonly string[] {
  if (rule.scopes.length === 0) return [];
  const part = `with scope ${scopesOf(rule)}`;
  return [rule.clients ? part : `${part}, which alone admits a machine client`];
}

/** The scopes in words, such as `a and b, or c`. */
export function scopesOf({ scopes }: Rule): string {
  return scopes.map((set) => set.join(' and ')).join(', or ');
}

/** `A`, `A or B`, `A, B or C`. */
export function either(names: readonly string[]): string {
  return names.join(', ').replace(/, ([^,]*)$/, ' or $1');
}
