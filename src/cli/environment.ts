import { type Variable, variables } from '../config-variables.js';

const entries: [string, Variable<unknown>][] = Object.entries(variables);
const groups = Map.groupBy(entries, ([, { group }]) => group);

/** `.env.example`: every variable, commented out, with its meaning. */
export function environmentExample(): string {
  const sections = [...groups].map(([group, members]) => {
    const lines = members.flatMap(([name, variable]) => [
      `# ${variable.meaning.replaceAll('`', '')}${defaultText(variable, '')}`,
      `# ${name}=${variable.example}`,
    ]);
    return [`## ${group}`, ...lines].join('\n');
  });
  return `# Generated from src/config-variables.ts. Copy what you need into the environment.\n\n${sections.join('\n\n')}\n`;
}

/** The README's table of the environment. */
export function environmentTable(): string {
  const rows = entries.map(
    ([name, variable]) =>
      `| \`${name}\` | ${variable.meaning.replaceAll('|', '\\|')}${defaultText(variable, '`')} |`,
  );
  return ['| variable | meaning |', '| --- | --- |', ...rows, ''].join('\n');
}

function defaultText(variable: Variable<unknown>, quote: string): string {
  return variable.default === undefined ? '' : ` Default: ${quote}${variable.default}${quote}.`;
}
