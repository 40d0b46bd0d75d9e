import { useEffect } from 'react';

/** Shows each page of the documentation from its top; GraphiQL keeps the place of the page before. Goes inside it. */
export function DocsFromTop() {
  useEffect(() => {
    const pane = document.querySelector('.graphiql-plugin');
    const scroll = ({ target }: Event) => {
      const isLink = target instanceof Element && target.closest('a') !== null;
      if (isLink) requestAnimationFrame(() => pane?.scrollTo({ top: 0 }));
    };
    pane?.addEventListener('click', scroll);
    return () => pane?.removeEventListener('click', scroll);
  }, []);
  return null;
}
