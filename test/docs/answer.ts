/**
 * What the page shows as an answer, as a pattern: `…` is any text, and in JSON the space between values
 * is the page's own.
 */
export function answerPattern(language: string, shown: string): RegExp {
  const text = language === 'json' ? compact(shown) : lines(shown);
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*?')}$`);
}

/** What was answered, as patterns want it. */
export function answered(language: string, text: string): string {
  return language === 'json' ? compact(text) : lines(text);
}

function compact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

function lines(text: string): string {
  return text.replace(/[ \t]+$/gm, '').trim();
}
