import { useEffect } from 'react';

/**
 * Makes the editor's tabs a list of buttons. GraphiQL calls each entry a tab, yet puts buttons into it,
 * which a tab may not hold (WAI-ARIA 1.2, "tab": its children are presentational). Goes inside GraphiQL.
 */
export function PlainTabs() {
  useEffect(() => {
    const list = document.querySelector('.graphiql-tabs');
    if (list === null) return undefined;
    amend(list);
    const observer = new MutationObserver(() => amend(list));
    observer.observe(list, { childList: true, subtree: true, attributeFilter: ['aria-selected'] });
    return () => observer.disconnect();
  }, []);
  return null;
}

function amend(list: Element): void {
  list.removeAttribute('role');
  document.getElementById('graphiql-session')?.setAttribute('role', 'region');
  for (const entry of list.children) {
    entry.removeAttribute('role');
    entry.removeAttribute('aria-selected');
    const isActive = entry.classList.contains('graphiql-tab-active');
    entry.querySelector('.graphiql-tab-button')?.setAttribute('aria-current', String(isActive));
  }
}
