import type { ComponentType } from 'react';

export interface Page {
  readonly title: string;
  /** Where it is among the others. */
  readonly order: number;
  readonly Content: ComponentType;
}

const found = import.meta.glob<{ page: Page }>('./pages/*/page.tsx', { eager: true });

/** Every folder of `pages/` is one, at `#/<folder>`. */
export const pages = Object.entries(found)
  .map(([file, { page }]) => ({ ...page, hash: `#/${file.split('/')[2]}` }))
  .sort((one, other) => one.order - other.order);
