import { cpus } from 'node:os';

export interface Section {
  readonly title: string;
  readonly text: string;
}

/** The page with one section put in, or put in place of what it was; the others stay as they are. */
export function withSection(page: string, section: Section, order: readonly string[]): string {
  const sections = new Map(sectionsOf(page));
  sections.set(section.title, `${stamp()}\n\n${section.text.trim()}`);
  const titles = [...order.filter((title) => sections.has(title))];
  return [
    '# Results',
    'Written by `npm run bench -- --write`, one subject at a time or all of them; `npm run bench -- --help` lists them.',
    ...titles.map((title) => `## ${title}\n\n${sections.get(title)}`),
  ]
    .join('\n\n')
    .concat('\n');
}

function sectionsOf(page: string): [title: string, text: string][] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end).trim()];
    });
}

function stamp(): string {
  const [core] = cpus();
  return `${new Date().toISOString().slice(0, 10)}, ${core?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}.`;
}
